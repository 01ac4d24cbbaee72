import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkClaims } from "../../../traces/report/claims/check-claims.ts";
import { readLedger } from "../../../traces/report/claims/ledger.ts";
import { repositoryFolder } from "../../../electron/scripts/bundles.mjs";

const folder = join(repositoryFolder, "../shared/seeds");
const hasDocuments = existsSync(folder);

/** What the program prints for a document as it stands. */
function insightsOf(prefix: string): string {
  const file = readdirSync(folder).find((name) => name.startsWith(prefix)) ?? "";
  const { insights } = checkClaims(readLedger(readFileSync(join(folder, file), "utf8")), null);
  return insights.map(({ subject, sentence }) => `${subject}: ${sentence}`).join("\n");
}

describe.skipIf(!hasDocuments)(`documents with tables${hasDocuments ? "" : ` (skipped: no ${folder})`}`, () => {
  it("001: batching is a serial loop, and batch 1 did no work", () => {
    const text = insightsOf("001");
    expect(text).toMatch(/serial loop: total time grows as batch\^1\.005; 21\.82 and 21\.9 ms per item, 0\.98/);
    expect(text).toContain("batch 1 at 0.79 ms is not comparable");
  });

  it("002: 34.5 + 2.01·b ms, at most 497 structures a second, and time that does not depend on size", () => {
    const text = insightsOf("002");
    expect(text).toContain("batching works: 34.51 + 2.01·b ms");
    expect(text).toContain("ceiling 497.5 items/s");
    expect(text).toContain("batch 1 at 0.79 ms is not comparable");
    expect(text).toMatch(/time does not depend on size from 3 to 60: slope -?−?0\.0019 ± 0\.0193/);
  });
});
