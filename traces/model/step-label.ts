/** Names that end in a number which only counts steps. */
const numbered = /^((?:ProfilerStep|Iteration|iteration|step|Step)[#_ ])\d+$/;
const bareNumber = /^\d+$/;
const numberMark = "…";
/** None that `numbered` makes, so that "12" and "step 12" stay two things. */
const bareLabel = `step #${numberMark}`;

/** "ProfilerStep#12" → "ProfilerStep"; other names stay as they are. */
export function withoutStepNumber(name: string): string {
  const [, head] = numbered.exec(name) ?? [];
  return head === undefined ? name : head.slice(0, -1);
}

/** Whether a name is nothing but a number, as XLA calls its steps. */
export function isBareNumber(name: string): boolean {
  return bareNumber.test(name);
}

/**
 * What spans of kind step that differ in their number are called together: "ProfilerStep#12" → "ProfilerStep#…", "12" →
 * "step #…". Null for other names.
 */
export function labelOfStep(name: string): string | null {
  if (isBareNumber(name)) return bareLabel;
  const [, head] = numbered.exec(name) ?? [];
  return head === undefined ? null : `${head}${numberMark}`;
}

/** Whether a name is this one, or one of those that are called so together. */
export function isCalled(name: string, label: string): boolean {
  return name === label || (label.endsWith(numberMark) && labelOfStep(name) === label);
}
