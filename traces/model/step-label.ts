/** Names that end in a number which only counts steps. */
const numbered = /^((?:ProfilerStep|Iteration|iteration|step|Step)[#_ ])\d+$/;
const numberMark = "…";

/** "ProfilerStep#12" → "ProfilerStep"; other names stay as they are. */
export function withoutStepNumber(name: string): string {
  const [, head] = numbered.exec(name) ?? [];
  return head === undefined ? name : head.slice(0, -1);
}

/** What steps that differ in their number are called together: "ProfilerStep#12" → "ProfilerStep#…". Null for other names. */
export function stepLabel(name: string): string | null {
  const [, head] = numbered.exec(name) ?? [];
  return head === undefined ? null : `${head}${numberMark}`;
}

/** Whether a name is this one, or one of those that are called so together. */
export function isCalled(name: string, label: string): boolean {
  return name === label || (label.endsWith(numberMark) && stepLabel(name) === label);
}
