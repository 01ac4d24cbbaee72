import { nameVariant } from "../../../traces/model/color-slot.ts";
import { thinSpace } from "../../../traces/model/format-units.ts";
import { LongName } from "../../names/LongName.tsx";
import { tellApart } from "../../names/tell-apart.ts";
import { useApp } from "../../state/store.ts";
import type { TraceTab } from "../../state/trace-tab.ts";
import { useEngineQuery } from "../../state/use-engine-query.ts";
import { coloringWords, shareColor } from "../../theme/coloring.ts";
import { toHex } from "../../theme/color.ts";
import { usePalette } from "../../theme/theme.ts";
import { classes } from "../../ui/css.ts";
import styles from "./ColorLegend.module.css";

const css = classes(styles);
const namesShown = 6;
const rampSteps = 8;

/** What the colors mean that are not those of kinds; kinds are told by their own buttons. */
export function ColorLegend({ tab }: { readonly tab: TraceTab }) {
  const coloring = useApp((state) => state.coloring);
  if (coloring === "name") return <NameLegend tab={tab} />;
  return coloring === "selfShare" ? <ShareLegend /> : null;
}

/** The names that most of the trace's time is spent in, in their colors. */
function NameLegend({ tab }: { readonly tab: TraceTab }) {
  const { nameColors } = usePalette();
  const { reply } = useEngineQuery(
    "table.top",
    {
      trace: tab.key,
      scope: {},
      group: "name",
      sort: "selfNs",
      descending: true,
      first: 0,
      count: namesShown,
    },
    tab.summary?.spanCount,
  );
  const names = (reply?.rows ?? []).map(({ path: [name = ""] }) => name);
  const piecesOf = tellApart(names);
  return (
    <div className={css("legend")}>
      {names.map((name) => (
        <span key={name} className={css("entry")} title={name}>
          <span
            className={css("mark")}
            style={{ background: toHex(nameColors[nameVariant(name)] ?? [0, 0, 0]) }}
            aria-hidden
          />
          <span className={css("name")}>
            <LongName pieces={piecesOf(name)} whole={name} />
          </span>
        </span>
      ))}
      <span className={css("note")} title={coloringWords.name.explanation}>
        names share {nameColors.length} colors
      </span>
    </div>
  );
}

function ShareLegend() {
  const palette = usePalette();
  const stops = Array.from({ length: rampSteps + 1 }, (_, step) => toHex(shareColor(palette, step / rampSteps)));
  return (
    <div className={css("legend")} title={coloringWords.selfShare.explanation}>
      <span className={css("note")}>self share {`0${thinSpace}%`}</span>
      <span className={css("ramp")} style={{ background: `linear-gradient(to right, ${stops.join(", ")})` }} />
      <span className={css("note")}>{`100${thinSpace}%`}</span>
    </div>
  );
}
