import { interpolateRgbBasis, interpolateViridis } from "d3";
import { useMemo, useState } from "react";
import type { ComparedMap } from "../../../native-bench/plan/telemetry.ts";
import { formatNumber, thinSpace } from "../../../traces/model/format-units.ts";
import type { ChartTable } from "../../charts/chart-table.ts";
import { type MapCell, PixelMap } from "../../charts/PixelMap.tsx";
import { usePalette } from "../../theme/theme.ts";
import { classes } from "../../ui/css.ts";
import { Field, SelectInput } from "../../ui/Field.tsx";
import styles from "./FitPanel.module.css";

const css = classes(styles);
const mapPx = 320;
/** Noise alone hardly goes beyond: the scale of residuals is at least this wide. */
const leastSigmas = 4;

/** How well a fit meets its data: measured map, model and residuals of a chosen angle. */
export function FitPanel({ maps }: { readonly maps: readonly ComparedMap[] }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const map = maps.find(({ title }) => title === chosen) ?? maps[0];
  const worst = maps.reduce<ComparedMap | null>(
    (most, one) => (most === null || one.reducedChiSquare > most.reducedChiSquare ? one : most),
    null,
  );
  if (map === undefined) return null;
  return (
    <div className={css("panel")}>
      <div className={css("head")}>
        <Field
          label="Map"
          help={`${maps.length} ${maps.length === 1 ? "map" : "maps"}; least alike: ${worst?.title ?? ""}, χ²/N ${formatNumber(worst?.reducedChiSquare ?? 1)}`}
        >
          {({ id, describedBy }) => (
            <SelectInput
              id={id}
              describedBy={describedBy}
              value={map.title}
              choices={maps.map(({ title, reducedChiSquare }) => ({
                value: title,
                title: `${title}, χ²/N ${formatNumber(reducedChiSquare)}`,
              }))}
              onChange={setChosen}
            />
          )}
        </Field>
      </div>
      <Maps key={map.title} map={map} />
    </div>
  );
}

function Maps({ map }: { readonly map: ComparedMap }) {
  const palette = usePalette();
  const [marked, setMarked] = useState<MapCell | null>(null);
  const { title, valueTitle, axes, side, measured, model, residual } = map;
  const table = useMemo(() => tableOf(map), [map]);
  const shared = useMemo(() => rangeOf([measured, model]), [measured, model]);
  const sigmas = useMemo((): readonly [number, number] => {
    const [low, high] = rangeOf([residual]);
    const most = Math.max(leastSigmas, -low, high);
    return [-most, most];
  }, [residual]);
  const { compareFaster, compareSlower, surfaceRaised } = palette.css;
  const diverging = useMemo(
    () => interpolateRgbBasis([compareFaster, surfaceRaised, compareSlower]),
    [compareFaster, compareSlower, surfaceRaised],
  );
  const unit = { symbol: axes.unit, size: 1 };
  const common = {
    side,
    extent: axes.extent,
    x: { title: axes.column, unit, scale: "linear" },
    y: { title: axes.row, unit, scale: "linear" },
    heightPx: mapPx,
    marked,
    onMark: setMarked,
    table,
  } as const;
  const name = title.replace(/[^\w.]+/g, "-").replace(/^-|-$/g, "");
  return (
    <>
      <div className={css("maps")}>
        <PixelMap
          {...common}
          title={`Measured ${valueTitle}`}
          fileName={`measured-${name}`}
          values={measured}
          color={interpolateViridis}
          range={shared}
          format={formatNumber}
        />
        <PixelMap
          {...common}
          title="Model"
          fileName={`model-${name}`}
          values={model}
          color={interpolateViridis}
          range={shared}
          format={formatNumber}
        />
        <PixelMap
          {...common}
          title="Residual, σ"
          fileName={`residual-${name}`}
          values={residual}
          color={diverging}
          range={sigmas}
          format={(value) => `${formatNumber(value)}${thinSpace}σ`}
        />
      </div>
      <p className={css("readOut")} aria-live="polite">
        {marked === null ? "Point at a cell to read it." : wordsOf(map, marked)}
      </p>
    </>
  );
}

/** "t₁ 12.5 s, t₂ 30.1 s: measured 1.124, model 1.121, residual 0.8 σ". */
function wordsOf({ axes, side, measured, model, residual }: ComparedMap, { row, column }: MapCell): string {
  const time = (index: number): string =>
    `${formatNumber(((index + 0.5) / side) * axes.extent)}${thinSpace}${axes.unit}`;
  const at = row * side + column;
  const value = (values: Float32Array): string => formatNumber(values[at] ?? Number.NaN);
  return `${axes.row} ${time(row)}, ${axes.column} ${time(column)}: measured ${value(measured)}, model ${value(model)}, residual ${value(residual)}${thinSpace}σ`;
}

function rangeOf(parts: readonly Float32Array[]): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const values of parts)
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  return low <= high ? [low, high] : [0, 1];
}

function tableOf({ axes, side, measured, model, residual, valueTitle }: ComparedMap): ChartTable {
  const time = (index: number): number => Number((((index + 0.5) / side) * axes.extent).toPrecision(6));
  const cell = (values: Float32Array, at: number): number | null => {
    const value = values[at];
    return value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(7));
  };
  return {
    columns: [
      `${axes.row}, ${axes.unit}`,
      `${axes.column}, ${axes.unit}`,
      `Measured ${valueTitle}`,
      "Model",
      "Residual, σ",
    ].map((title) => ({ title, align: "end" })),
    rows: Array.from({ length: side * side }, (_, at) => [
      time(Math.floor(at / side)),
      time(at % side),
      cell(measured, at),
      cell(model, at),
      cell(residual, at),
    ]),
  };
}
