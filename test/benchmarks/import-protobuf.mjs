// npm run bench:import [-- --megabytes=500 --rounds=3 --write]
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makePerfettoLike, makeXSpaceLike } from "../../native-bench/generate/make-protobuf-like.mjs";
import { benchFolder, bundleSubject, repositoryFolder } from "./bundle.mjs";
import { describeMachine, format, median, option, publish, toTable } from "./report.mjs";

/** @typedef {{ ms: number, cpuMs?: number, maxRssKb: number, events: number, spans?: number }} Measurement */

const megabytes = Number(option("megabytes", "500"));
const rounds = Number(option("rounds", "3"));
const ours = await bundleSubject("import-ours");
const walk = fileURLToPath(new URL("subjects/pbf-walk.mjs", import.meta.url));

/** About so many bytes a launch with its kernel, and a slice. */
const launchBytes = 103;
const sliceBytes = 43;
mkdirSync(benchFolder, { recursive: true });

const formats = [
  {
    kind: "xspace",
    title: "XSpace (`.xplane.pb`)",
    file: make(`xspace-like-${megabytes}.xplane.pb`, (path) =>
      makeXSpaceLike(path, { launches: Math.floor((megabytes * 1e6) / launchBytes) }),
    ),
  },
  {
    kind: "perfetto",
    title: "Perfetto (`.pftrace`)",
    file: make(`perfetto-like-${megabytes}.pftrace`, (path) =>
      makePerfettoLike(path, { slices: Math.floor((megabytes * 1e6) / sliceBytes) }),
    ),
  },
].map((each) => ({ ...each, ours: /** @type {Measurement[]} */ ([]), walk: /** @type {Measurement[]} */ ([]) }));

for (const each of formats) {
  readFileSync(each.file); // warms the page cache
  for (let round = 1; round <= rounds; round++) {
    each.ours.push(measure([ours, each.file, "terminal"]));
    each.walk.push(measure([walk, each.file, each.kind]));
    process.stderr.write(`round ${round}/${rounds} ${each.kind}: ${format((each.ours.at(-1)?.ms ?? 0) / 1000)} s\n`);
  }
}
publish("bench:import-protobuf", report());

/** @param {string} name @param {(path: string) => void} write */
function make(name, write) {
  const path = join(benchFolder, name);
  if (!existsSync(path)) write(path);
  return path;
}

/** @param {string[]} command @returns {Measurement} */
function measure(command) {
  const output = execFileSync(process.execPath, command, {
    encoding: "utf8",
    cwd: repositoryFolder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(output.trim().split("\n").at(-1) ?? "");
}

function report() {
  const rows = formats.flatMap((each) => {
    const bytes = statSync(each.file).size;
    const timeOf = (/** @type {Measurement[]} */ runs) => median(runs.map((run) => run.ms));
    const row = (/** @type {string} */ name, /** @type {Measurement[]} */ runs) => [
      name,
      format(bytes / 1e6, 0),
      format(runs[0]?.spans ?? 0, 0),
      format(timeOf(runs) / 1000),
      `${format(Math.min(...runs.map((run) => run.ms / 1000)))}–${format(Math.max(...runs.map((run) => run.ms / 1000)))}`,
      format(bytes / 1000 / timeOf(runs), 0),
      format(median(runs.map((run) => run.maxRssKb)) / 1024, 0),
      runs === each.ours ? "1" : `${format(timeOf(each.ours) / timeOf(runs))} ×`,
    ];
    return [
      row(`Deltaflame: ${each.title} → sealed trace`, each.ours),
      row("`pbf`: all fields in memory, no trace", each.walk),
    ];
  });
  return [
    "## Import of protobuf profiles",
    "",
    `Generated files; one process a measurement, interleaved, page cache warm; median of ${rounds}. The walk holds the whole file in memory and makes nothing of it; the importer reads it through a window.`,
    "",
    toTable(["", "MB", "spans", "s", "range", "MB/s", "peak RSS MiB", "ours takes"], rows),
    "",
    describeMachine({}),
  ].join("\n");
}
