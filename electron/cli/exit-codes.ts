/** What a script can rely on. The higher of two is the worse. */
export const exitCodes = { done: 0, failed: 1, usage: 2, unreadable: 3 } as const;
