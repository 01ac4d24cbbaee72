import { ArrowUpRight } from "lucide-react";
import type { ComparisonSummary, DeltaRow } from "../../../traces/compare/comparison.ts";
import { isOpposed, opposedWords } from "../../../traces/compare/words.ts";
import { formatNumber, formatShare } from "../../../traces/model/format-units.ts";
import { useAppStore } from "../../state/store.ts";
import { Button } from "../../ui/Button.tsx";
import { classes } from "../../ui/css.ts";
import { joinPath } from "../../names/isolate.ts";
import { type DeltaAbout, rowVerdict, valueOf } from "./row-values.ts";
import styles from "./RowFacts.module.css";
import { showSpan, spanOf } from "./show-span.ts";
import { deltaWords, moreNeededWords, probabilityWords, relativeWords, valueWords } from "./words.ts";

const css = classes(styles);

const tierWords = {
  path: "same path",
  renamed: "same place, other name",
  launched: "by what launched it",
  moved: "same name, other place",
  family: "same family",
} as const;

/** Everything known of one row, and the ways to its spans. */
export function RowFacts({
  summary,
  row,
  about,
}: {
  readonly summary: ComparisonSummary;
  readonly row: DeltaRow;
  readonly about: DeltaAbout;
}) {
  const store = useAppStore();
  const { estimate } = row;
  const facts = factsOf(summary, row, about);
  const notes = [
    isOpposed(row) ? opposedWords : null,
    estimate === null ? null : moreNeededWords(estimate),
    ...(estimate?.notes ?? []),
  ];
  return (
    <section className={css("facts")} aria-label="The chosen row">
      <div className={css("head")}>
        <strong className={css("name")} title={joinPath(row.path)}>
          <bdi>{row.path.at(-1)}</bdi>
        </strong>
        {(["before", "after"] as const).map((side) => (
          <Button
            key={side}
            look="quiet"
            isDisabled={spanOf(summary, row, side) === null}
            onPress={() => showSpan(store, summary, row, side)}
          >
            <ArrowUpRight size={14} aria-hidden /> Longest span {side}
          </Button>
        ))}
        <Button look="quiet" onPress={() => store.getState().showCompareTab("distributions")}>
          Distribution
        </Button>
        <Button look="quiet" onPress={() => store.getState().showCompareTab("flame")}>
          Flame graph
        </Button>
      </div>
      <dl className={css("list")}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {notes
        .filter((note): note is string => note !== null)
        .map((note) => (
          <p key={note} className={css("note")}>
            {note}
          </p>
        ))}
    </section>
  );
}

const countWords = (count: number | undefined): string => (count === undefined ? "none" : formatNumber(count));

function factsOf(
  summary: ComparisonSummary,
  row: DeltaRow,
  about: DeltaAbout,
): readonly (readonly [name: string, value: string])[] {
  const { estimate } = row;
  const base = summary.unit;
  const [before, after] = [valueOf(row, "before", about), valueOf(row, "after", about)];
  return [
    [
      `mean per ${about.per}`,
      `${before === null ? "none" : valueWords(before, base)} → ${after === null ? "none" : valueWords(after, base)}`,
    ],
    ...(estimate === null
      ? []
      : ([
          ["change", relativeWords(estimate.relative, estimate.relativeInterval)],
          ["p, q", `${probabilityWords(estimate.p)}, ${probabilityWords(estimate.q)}`],
          [
            "effect",
            estimate.effect === null
              ? "not known"
              : `${estimate.effect} (δ ${formatNumber(estimate.cliffsDelta ?? 0)})`,
          ],
        ] as const)),
    ["calls per step", `${countWords(row.before?.count)} → ${countWords(row.after?.count)}`],
    ["by calls, by speed", `${deltaWords(row.countEffectNs, base)}, ${deltaWords(row.speedEffectNs, base)}`],
    [
      "matched",
      row.match === null
        ? "only on one side"
        : `${tierWords[row.match.tier]}, ${formatShare(row.match.confidence)} sure`,
    ],
    ["verdict", rowVerdict(row)],
  ];
}
