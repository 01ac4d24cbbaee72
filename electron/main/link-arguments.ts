import { isLink, LinkError, longestLinkChars, parseLink } from "../contract/view-link.ts";

/** The links among the arguments of a start; the terminal learns what is wrong with the others. */
export function keepLinks(candidates: readonly string[]): readonly string[] {
  return candidates.filter((text) => {
    if (!isLink(text) || text.length > longestLinkChars) return false;
    try {
      parseLink(text);
      return true;
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      console.error(error.message);
      return false;
    }
  });
}
