/** Names of files beyond this are cut in dialogs. */
const longestTitle = 80;

/** "student-fast-batch-64-2026-11-26-174210.json": what ran, and when it began by the clock of the user. */
export function resultsFileName(title: string, startedAt: string): string {
  const words = title
    .replaceAll(/[\u2009\u202f]/g, "")
    .replaceAll(/[^\w.-]+/g, "-")
    .slice(0, longestTitle)
    .replace(/-+$/, "");
  const at = new Date(startedAt);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  return `${words}-${day}-${[at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join("")}.json`;
}
