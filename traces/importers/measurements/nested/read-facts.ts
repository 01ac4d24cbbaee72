import type { NumberBook } from "../number-book.ts";
import { type JsonRecord, scalarText } from "../stated-summary.ts";

/** Facts that may be shown: what ran on what, and when. Paths, users and host names are none of them. */
const shown =
  /^(?:device|gpu|cuda_device|gpu_name|device_name|cpu|processor|machine|system|os|platform|backend|precision|dtype|model|framework|version|use_compile|cuda_available|note|description|benchmark_name|mode|timestamp|created_at|date|datetime|\w+_version|warmup_runs|benchmark_runs|n_trials|batch_size|num_threads|threads|target_improvement)$/i;

const longestFact = 300;
const deepestFact = 8;
const pathLike = /(?:^|\s)(?:~|\/|[A-Za-z]:\\)\S*[/\\]/;

/** Takes the facts of one object over; numbers become facts whether they are shown or not. */
export function readFacts(object: JsonRecord, facts: (readonly [string, string])[], book: NumberBook, depth = 0): void {
  if (depth > deepestFact) return;
  for (const [key, value] of Object.entries(object)) {
    if (typeof value === "number") book.fact();
    if (typeof value === "object" && value !== null) {
      if (!Array.isArray(value)) readFacts(value as JsonRecord, facts, book, depth + 1);
      continue;
    }
    const text = scalarText(value);
    if (text === null || !shown.test(key)) continue;
    if (text.length <= longestFact && !pathLike.test(text)) facts.push([key.replaceAll("_", " "), text]);
  }
}
