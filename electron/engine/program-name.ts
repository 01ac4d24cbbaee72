/** Put in by the build. */
declare const __DELTAFLAME_VERSION__: string | undefined;

export const programVersion: string =
  typeof __DELTAFLAME_VERSION__ === "undefined" ? "from sources" : __DELTAFLAME_VERSION__;

/** How this program signs what it writes. */
export const programName = `Deltaflame ${programVersion}`;
