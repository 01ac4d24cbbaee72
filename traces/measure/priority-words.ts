/** "usual", "gives way to other programs (nice 15)": the priority of a run, by its niceness. */
export function priorityWords(niceness: number | null): string {
  if (niceness === null) return "not readable";
  if (niceness === 0) return "usual";
  return `${niceness > 0 ? "gives way to" : "goes before"} other programs (nice ${niceness})`;
}
