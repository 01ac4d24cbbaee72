import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { sha256Base64 } from "../../../traces/report/sha256.ts";
import { pageScript } from "../../../traces/report/writers/html/page-script.ts";

// A frame with `srcdoc` is under the policy of the window as well: without this hash the preview would not sort or zoom.
it.each(["renderer/index.html", "electron/main/page-headers.ts"])(
  "the policy in %s allows the script of a report, and no other",
  (file) => {
    const text = readFileSync(join(import.meta.dirname, "../../..", file), "utf8");
    const hashes = [...text.matchAll(/'sha256-([^']+)'/g)].map(([, hash]) => hash);
    expect(hashes).toEqual([sha256Base64(pageScript)]);
    expect(text).not.toMatch(/script-src[^;"]*unsafe-inline/);
  },
);
