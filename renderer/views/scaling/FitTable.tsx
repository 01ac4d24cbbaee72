import { formatDuration, formatNumber, thinSpace } from "../../../traces/model/format-units.ts";
import type { Estimate } from "../../../traces/measure/scaling-fit.ts";
import type { ScalingAxis } from "../../../traces/measure/scaling-regime.ts";
import { classes } from "../../ui/css.ts";
import { regimeWords, type ScalingSeries } from "./scaling-series.ts";
import styles from "./FitTable.module.css";

const css = classes(styles);
const msNs = 1e6;

/** The fits of the curves with their intervals. */
export function FitTable({ series, axis }: { readonly series: readonly ScalingSeries[]; readonly axis: ScalingAxis }) {
  return (
    <div className={css("scroll")}>
      <table className={css("table")}>
        <caption className="visually-hidden">Fits of the curves</caption>
        <thead>
          <tr>
            <th scope="col">Series</th>
            <th scope="col">Regime</th>
            <th scope="col" className={css("number")}>
              Fixed cost
            </th>
            <th scope="col" className={css("number")}>
              Per {axis.one}
            </th>
            <th scope="col" className={css("number")}>
              Exponent
            </th>
            <th scope="col" className={css("number")}>
              Ceiling
            </th>
            <th scope="col">Device</th>
          </tr>
        </thead>
        <tbody>
          {series.map((one) => (
            <FitRow key={one.id} series={one} axis={axis} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function FitRow({ series, axis }: { readonly series: ScalingSeries; readonly axis: ScalingAxis }) {
  const { title, note, fit, regime } = series;
  return (
    <tr>
      <th scope="row">{title}</th>
      <td>{regimeWords(series)}</td>
      <td className={css("number")}>{fit === null ? "" : costWords(fit.fixedMs)}</td>
      <td className={css("number")}>{fit === null ? "" : costWords(fit.perItemMs)}</td>
      <td className={css("number")}>{fit === null ? "" : plainWords(fit.exponent)}</td>
      <td className={css("number")}>
        {regime?.ceilingPerSecond == null || axis.kind !== "batch"
          ? "none"
          : `${formatNumber(regime.ceilingPerSecond)}${thinSpace}${axis.many}/s`}
      </td>
      <td>{note}</td>
    </tr>
  );
}

/** A curve that bends upwards has a line that meets the axis below zero: no cost is seen there, as in one that falls. */
function costWords(estimate: Estimate): string {
  return estimate.value < 0 ? "none" : timeWords(estimate);
}

function timeWords({ value, low, high }: Estimate): string {
  const words = (ms: number): string => formatDuration(ms * msNs);
  return `${words(value)} ${low === null || high === null ? "[interval unknown]" : `[${words(low)}, ${words(high)}]`}`;
}

function plainWords({ value, low, high }: Estimate): string {
  return `${value.toFixed(3)} ${low === null || high === null ? "[interval unknown]" : `[${low.toFixed(3)}, ${high.toFixed(3)}]`}`;
}
