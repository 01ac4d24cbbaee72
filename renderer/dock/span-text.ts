import type { SpanDetails } from "../../electron/contract/engine-contract.ts";

/** The span for a mail or an issue: one fact a line, all digits. */
export function spanAsText(details: SpanDetails, track: string): string {
  const { brief, args } = details;
  const lines = [
    brief.name,
    `kind\t${brief.kind}`,
    ...(brief.category === null ? [] : [`category\t${brief.category}`]),
    `track\t${track}`,
    `start\t${brief.startNs} ns`,
    brief.openEnded ? "duration\tno end in the file" : `duration\t${brief.durationNs} ns`,
    `self\t${brief.selfNs} ns`,
    ...(details.ancestors.length === 0
      ? []
      : [
          `inside\t${details.ancestors.length < brief.depth ? "… > " : ""}${details.ancestors.map((ancestor) => ancestor.name).join(" > ")}`,
        ]),
    ...args.map(([key, value]) => `${key}\t${value}`),
  ];
  return lines.join("\n");
}

/** The span as JSON; arguments stay text, digit by digit as in the file. */
export function spanAsJson(details: SpanDetails, track: string): string {
  const { brief, args } = details;
  const { name, category, kind, startNs, durationNs, selfNs, depth, openEnded } = brief;
  // Entries, not an object: names from files may repeat or be "__proto__".
  return JSON.stringify(
    { name, category, kind, track, startNs, durationNs: openEnded ? null : durationNs, selfNs, depth, args },
    null,
    2,
  );
}
