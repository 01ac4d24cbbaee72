/** What kept traces may take in all, bytes, as the menu offers it; those not opened for longest go first. 0: none are kept. */
export const traceCacheLimits = [0, 1e9, 4e9, 16e9, 64e9] as const;
export const usualTraceCacheLimitBytes = 4e9;
