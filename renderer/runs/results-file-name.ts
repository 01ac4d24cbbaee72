/** Names of files beyond this are cut in dialogs. */
const longestTitle = 60;

/**
 * "student-fast-batch-64-20261126-174210.json": what ran, "cut" where it could not make its own report, and when it
 * began by the clock of the user.
 */
export function resultsFileName(title: string, startedAt: string, isCut: boolean): string {
  const words = title
    .replaceAll(/[\u2009\u202f]/g, "")
    .replaceAll(/[^\w.-]+/g, "-")
    .slice(0, longestTitle)
    .replace(/-+$/, "");
  const at = new Date(startedAt);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("");
  return `${words}${isCut ? "-cut" : ""}-${day}-${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join("")}.json`;
}
