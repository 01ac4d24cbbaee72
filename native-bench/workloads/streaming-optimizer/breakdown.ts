import type { FitRecorder } from "./fit-recorder.ts";

/** Parts that the time of an iteration goes to. Threads count each: two that work for 5 ms make 10. */
export const iterationParts = ["io", "tables", "kernel", "reduce", "solve"] as const;
export type IterationPart = (typeof iterationParts)[number];

/** Mean ms an iteration, over `iterations` of them. */
export interface Breakdown {
  readonly iterations: number;
  readonly ms: Readonly<Record<IterationPart, number>>;
}

const partOfSpan: Readonly<Record<string, IterationPart>> = {
  "io.read": "io",
  "device.upload": "io",
  tables: "tables",
  kernel: "kernel",
  "device.dispatch": "kernel",
  "device.wait": "kernel",
  reduce: "reduce",
  solve: "solve",
};

/** Passes everything on to `inner`, and after each iteration tells where its time went. */
export function watchBreakdown(inner: FitRecorder, onIteration: (breakdown: Breakdown) => void): FitRecorder {
  const open: { readonly name: string; readonly startMs: number }[] = [];
  const sums: Record<IterationPart, number> = { io: 0, tables: 0, kernel: 0, reduce: 0, solve: 0 };
  let iterations = 0;
  const add = (name: string, ms: number): void => {
    const part = partOfSpan[name];
    // The step is solved for before its iteration begins; passes outside of iterations are not theirs.
    if (part !== undefined && (part === "solve" || open.some((span) => span.name.startsWith("iter "))))
      sums[part] += ms;
  };
  const means = (): Breakdown["ms"] => {
    const [io, tables, kernel, reduce, solve] = iterationParts.map((part) => sums[part] / iterations);
    return { io, tables, kernel, reduce, solve };
  };
  return {
    ...inner,
    begin(name, kind, args) {
      open.push({ name, startMs: performance.now() });
      inner.begin(name, kind, args);
    },
    end(args) {
      const span = open.pop();
      inner.end(args);
      if (span === undefined) return;
      add(span.name, performance.now() - span.startMs);
      if (!span.name.startsWith("iter ")) return;
      iterations++;
      onIteration({ iterations, ms: means() });
    },
    complete(track, name, kind, startMs, endMs) {
      // What a device did is within the span that waits for it.
      if (track === "blocks") add(name, endMs - startMs);
      inner.complete(track, name, kind, startMs, endMs);
    },
  };
}
