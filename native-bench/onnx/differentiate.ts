import type { GraphMath, TapeEntry } from "./graph-math.ts";
import type { Tensor } from "./tensor.ts";

/**
 * Reverse-mode differentiation: appends nodes for ∂(sum of `output`)/∂w for each w of `variables`. Only what lies
 * between the variables and the output is visited. Throws for a variable that the output does not depend on.
 * Griewank and Walther, Evaluating Derivatives, 2nd ed., section 3.3.
 */
export function differentiate(
  math: GraphMath,
  tape: readonly TapeEntry[],
  output: Tensor,
  variables: readonly Tensor[],
): Tensor[] {
  const active = findActive(tape, variables);
  const gradients = new Map<string, Tensor>([[output.name, math.expandLike(math.scalar(1), output)]]);
  for (const { inputs, outputs, gradient } of tape.toReversed()) {
    const incoming = outputs.map(({ name }) => gradients.get(name) ?? null);
    if (incoming.every((g) => g === null)) continue;
    const makers = gradient(incoming);
    inputs.forEach((input, i) => {
      if (!active.has(input.name)) return;
      const contribution = makers[i]();
      const earlier = gradients.get(input.name);
      gradients.set(input.name, earlier === undefined ? contribution : math.add(earlier, contribution));
    });
  }
  return variables.map((variable) => {
    const gradient = gradients.get(variable.name);
    if (gradient === undefined) throw new Error(`${output.name} does not depend on ${variable.name}`);
    return gradient;
  });
}

/** Names of tensors that depend on a variable. */
function findActive(tape: readonly TapeEntry[], variables: readonly Tensor[]): Set<string> {
  const active = new Set(variables.map(({ name }) => name));
  for (const { inputs, outputs } of tape) {
    if (inputs.some(({ name }) => active.has(name))) for (const { name } of outputs) active.add(name);
  }
  return active;
}
