/** Kept traces take at most this; those not opened for longest go first. */
export const traceCacheLimitBytes = 4e9;
