/** Put in by the build. */
declare const __DELTAFLAME_VERSION__: string | undefined;

/** How this program signs what it writes. */
export const programName =
  typeof __DELTAFLAME_VERSION__ === "undefined" ? "Deltaflame from sources" : `Deltaflame ${__DELTAFLAME_VERSION__}`;
