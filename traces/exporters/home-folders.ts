/**
 * Home folders with the user's name in them: /home/ada, /Users/ada, C:\Users\ada (also with the backslashes of JSON).
 * Not behind a word, where the same letters are part of a longer path or address.
 */
const homeFolder = /(?<![\w.~/\\])(?:\/(?:home|Users)\/|[A-Za-z]:\\{1,2}Users\\{1,2})[^\s/\\"'`:;,<>|()[\]{}]+/g;

/** The text with "~" for every home folder, unless they are to be kept. */
export function createHomeFolderFilter(keep: boolean): (text: string) => string {
  return keep ? (text) => text : (text) => (text.length < shortestHome ? text : text.replace(homeFolder, "~"));
}

const shortestHome = "/home/a".length;
