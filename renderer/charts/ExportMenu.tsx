import { Download } from "lucide-react";
import { useContext } from "react";
import { useAppStore } from "../state/store.ts";
import { openPaper, type Paper } from "../theme/paper.ts";
import { ActionMenu } from "../ui/ActionMenu.tsx";
import { ChartAbout } from "./chart-about.ts";
import { type ChartTable, toCsv } from "./chart-table.ts";
import { type DrawnLegendEntry, toPng, toSvgText } from "./export-chart.ts";

const pngScale = 2;

export interface ExportMenuProps {
  readonly title: string;
  /** What the numbers hold for: device, precision, warm-up; without, what the view says. */
  readonly about?: string;
  /** Of the files, without its ending. */
  readonly fileName: string;
  /**
   * The drawing as it stands now, null where there is none. Colors are tokens; what takes its colors from a palette
   * takes that of the paper.
   */
  readonly chart: (paper: Paper) => SVGSVGElement | null;
  readonly legend?: () => readonly DrawnLegendEntry[];
  readonly table: () => ChartTable;
  /** The numbers are shown instead of the drawing. */
  readonly isTable?: boolean;
}

/** Saves a chart as SVG, PNG or CSV. Pictures are light whatever the theme: they end up on paper and in documents. */
export function ExportMenu({ title, about, fileName, chart, legend, table, isTable = false }: ExportMenuProps) {
  const aboutView = useContext(ChartAbout);
  const { saveMade } = useAppStore().getState();
  const svgText = (): string => {
    const paper = openPaper();
    try {
      const drawing = chart(paper);
      if (drawing === null) throw new Error("the chart is not on the screen");
      return toSvgText(drawing, {
        title,
        about: about ?? aboutView,
        legend: legend?.() ?? [],
        readToken: paper.readToken,
      });
    } finally {
      paper.close();
    }
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
