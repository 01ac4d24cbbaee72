import { asyncBufferFromFile, parquetMetadataAsync, parquetRead } from "hyparquet";
import { TraceFormatError } from "../../../../../traces/model/errors.ts";
import type { ValueSource } from "../ingest.ts";

const valueNames = new Set(["g2", "c2", "y", "value"]);

/** Reads one column of a Parquet file, row group after row group, in the order [angle][i][j]. */
export async function readParquetValues(path: string): Promise<ValueSource> {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file).catch((cause: unknown) => {
    throw new TraceFormatError(
      `expected a Parquet file: ${cause instanceof Error ? cause.message : String(cause)} (${path})`,
      { format: "parquet" },
      { cause },
    );
  });
  const columns = metadata.schema.slice(1).map(({ name }) => name);
  const column = columns.find((name) => valueNames.has(name.toLowerCase())) ?? columns.at(-1);
  if (column === undefined)
    throw new TraceFormatError(`expected a column of values, found none (${path})`, { format: "parquet" });
  return {
    shape: [Number(metadata.num_rows)],
    layout: "full",
    async *parts() {
      let rowStart = 0;
      for (const group of metadata.row_groups) {
        const rowEnd = rowStart + Number(group.num_rows);
        const values = new Float64Array(rowEnd - rowStart);
        await parquetRead({
          file,
          metadata,
          columns: [column],
          rowStart,
          rowEnd,
          onChunk: ({ columnData, rowStart: first }) => {
            for (let index = 0; index < columnData.length; index++) {
              const at = first + index - rowStart;
              if (at >= 0 && at < values.length) values[at] = toNumber(columnData[index]);
            }
          },
        });
        yield values;
        rowStart = rowEnd;
      }
    },
    close: () => undefined,
  };
}

/** Missing values are NaN: refused or masked by the fit, never 0. */
const toNumber = (value: unknown): number =>
  typeof value === "number" || typeof value === "bigint" ? Number(value) : Number.NaN;
