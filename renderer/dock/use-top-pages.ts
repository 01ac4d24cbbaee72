import type { TopPage, TopRequest, TopRow } from "../../electron/contract/engine-contract.ts";
import { type AskPage, type Pages, usePages } from "../state/use-pages.ts";

export type TopQuestion = Omit<TopRequest, "first" | "count">;
export type TopPages = Pages<TopRow, TopPage>;

const askTop: AskPage<TopQuestion, TopPage> = (engine, question, range, signal) =>
  engine.call("table.top", { ...question, ...range }, { signal });

/** Pages of the table of names or paths. */
export function useTopPages(question: TopQuestion, revision: string): TopPages {
  return usePages(question, revision, askTop);
}
