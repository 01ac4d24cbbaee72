import { withoutStepNumber } from "../model/step-label.ts";

/** Takes one kind of accident out of a name: numbers that differ from run to run and mean nothing. */
export interface NameRule {
  readonly id: string;
  /** The name without it; the same text when the rule has nothing to say. */
  readonly apply: (name: string) => string;
}

/** In order; each sees what the one before left. */
export const nameRules: readonly NameRule[] = [
  { id: "address", apply: (name) => name.replace(/\b0x[0-9a-fA-F]{4,}\b/g, "0x…") },
  { id: "step number", apply: withoutStepNumber },
  { id: "PyTorch sequence", apply: (name) => name.replace(/, (?:seq|op_id|sizes?) = (?:\d+|\[[^\]]*\])/g, "") },
  { id: "program fingerprint", apply: (name) => name.replace(/\(\d{6,}\)$/, "") },
  { id: "instance", apply: (name) => name.replace(/#\d+$| \(\d+\)$/, "") },
  { id: "XLA number", apply: (name) => name.replace(/^([%a-z][\w-]*(?:\.[a-z][\w-]*)*?)(?:\.\d+)+$/, "$1") },
  { id: "generated hash", apply: (name) => name.replace(/(_[0-9a-f]*\d[0-9a-f]*){0,1}_[0-9a-f]{16,}(?=_|$)/g, "_…") },
  { id: "generated number", apply: (name) => name.replace(/^(triton_[a-z]\w*?)_\d+$/, "$1") },
  { id: "template arguments", apply: stripTemplates },
  { id: "kernel tile", apply: stripTiles },
];

/** Name and the rules that changed it. */
export function canonicalName(name: string): { readonly name: string; readonly rules: readonly string[] } {
  // Most names have nothing to take away: no digit, no template.
  if (!/[\d<]/.test(name)) return { name, rules: [] };
  let current = name;
  const rules: string[] = [];
  for (const rule of nameRules) {
    const next = rule.apply(current);
    if (next === current) continue;
    rules.push(rule.id);
    current = next;
  }
  return { name: current === "" ? name : current, rules };
}

/** "void k<float, 4>(int)" → "void k<…>(int)"; operators and unbalanced brackets stay as they are. */
function stripTemplates(name: string): string {
  const open = name.indexOf("<");
  if (open <= 0 || name.includes("operator<") || name.includes("operator>")) return name;
  let depth = 0;
  let text = "";
  for (const character of name.replaceAll("->", "→")) {
    if (character === "<") {
      if (depth === 0) text += "<…>";
      depth++;
    } else if (character === ">") {
      if (depth === 0) return name;
      depth--;
    } else if (depth === 0) text += character;
  }
  return depth === 0 ? text.replaceAll("→", "->") : name;
}

/** Matrix kernels carry tile sizes and architectures: "volta_sgemm_128x64_nn" → "volta_sgemm_…_nn". */
function stripTiles(name: string): string {
  if (!/gemm|conv|cutlass|xmma|cudnn|wgrad|dgrad|fprop/i.test(name)) return name;
  return name.replace(/(?:_?\d+x\d+(?:x\d+)*)+/g, "_…").replace(/(^|_)sm\d{2,3}(?=_|$)/g, "$1sm…");
}

const bareStep = { name: "step", rules: ["step number"] } as const;

/**
 * Canonical names of both sides. Raw names that collapse onto one canonical name stay apart where both sides have
 * them: they are different things that happen to look alike. `bareSteps`: numbers that are names of steps, as XLA
 * calls them; what else is a bare number may be a layer.
 */
export function createNaming(
  before: Iterable<string>,
  after: Iterable<string>,
  bareSteps: ReadonlySet<string> = new Set(),
): { readonly nameOf: (raw: string) => string; readonly renames: readonly (readonly [rule: string, count: number])[] } {
  const canonical = new Map<string, string>();
  const counts = new Map<string, number>();
  const collapsed = new Map<string, Set<string>>();
  const beforeNames = new Set(before);
  const afterNames = new Set(after);
  for (const raw of new Set([...beforeNames, ...afterNames])) {
    const { name, rules } = bareSteps.has(raw) ? bareStep : canonicalName(raw);
    canonical.set(raw, name);
    if (name === raw) continue;
    for (const rule of rules) counts.set(rule, (counts.get(rule) ?? 0) + 1);
    if (beforeNames.has(raw) && afterNames.has(raw)) {
      const shared = collapsed.get(name) ?? new Set();
      collapsed.set(name, shared.add(raw));
    }
  }
  for (const shared of collapsed.values())
    if (shared.size > 1)
      for (const raw of shared) if (!bareSteps.has(raw) && !isNumberedStep(raw)) canonical.set(raw, raw);
  return { nameOf: (raw) => canonical.get(raw) ?? raw, renames: [...counts] };
}

/** Step 5 of one run is not step 5 of another: numbered steps are one thing, always. */
function isNumberedStep(raw: string): boolean {
  return withoutStepNumber(raw) !== raw;
}
