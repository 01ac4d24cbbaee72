import { Download } from "lucide-react";
import { useAppStore } from "../state/store.ts";
import { ActionMenu } from "../ui/ActionMenu.tsx";
import { type ChartTable, toCsv } from "./chart-table.ts";
import { type DrawnLegendEntry, toPng, toSvgText } from "./export-chart.ts";

const pngScale = 2;

export interface ExportMenuProps {
  readonly title: string;
  /** Of the files, without its ending. */
  readonly fileName: string;
  /** The drawing as it stands now; null where there is none. */
  readonly chart: () => SVGSVGElement | null;
  readonly legend?: () => readonly DrawnLegendEntry[];
  readonly table: () => ChartTable;
  /** The numbers are shown instead of the drawing. */
  readonly isTable?: boolean;
}

/** Saves a chart as SVG, PNG or CSV. */
export function ExportMenu({ title, fileName, chart, legend, table, isTable = false }: ExportMenuProps) {
  const { saveMade } = useAppStore().getState();
  const svgText = (): string => {
    const drawing = chart();
    if (drawing === null) throw new Error("the chart is not on the screen");
    const tokens = getComputedStyle(document.documentElement);
    return toSvgText(drawing, {
      title,
      legend: legend?.() ?? [],
      readToken: (name) => tokens.getPropertyValue(name).trim(),
    });
  };
  const pictures = [
    {
      id: "svg",
      title: "Save as SVG…",
      run: () => void saveMade("Chart", `${fileName}.svg`, async () => new Blob([svgText()])),
    },
    {
      id: "png",
      title: "Save as PNG…",
      run: () => void saveMade("Chart", `${fileName}.png`, () => toPng(svgText(), pngScale)),
    },
  ];
  const csv = {
    id: "csv",
    title: "Save numbers as CSV…",
    run: () => void saveMade("Table", `${fileName}.csv`, async () => new Blob([toCsv(table())])),
  };
  return (
    <ActionMenu label={`Export ${title}`} entries={isTable ? [csv] : [...pictures, csv]}>
      <Download size={15} aria-hidden />
    </ActionMenu>
  );
}
