import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { gzipSync, inflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { repositoryFolder } from "../../../electron/scripts/bundles.mjs";
import { createTemporaryFolder } from "../../harness/temporary-folder.ts";
import { buildBundles, type Bundles } from "../engine/built-bundles.ts";
import { writeEvents, writeManySpans } from "../engine/event-files.ts";
import { runCommand } from "./run-command.ts";

// Each test starts a few processes.
vi.setConfig({ testTimeout: 60_000 });

let bundles: Bundles;
beforeAll(async () => {
  bundles = await buildBundles();
}, 180_000);
afterAll(() => bundles.remove());

const run: (words: readonly string[], options?: Parameters<typeof runCommand>[2]) => ReturnType<typeof runCommand> = (
  words,
  options,
) => runCommand(bundles.cli, words, options);

describe("files that cannot be read end with 3 and one line", () => {
  const refused = async (file: string, cwd: string): Promise<string> => {
    const { exitCode, stdout, stderr } = await run(["info", file], { cwd });
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr.endsWith("\n")).toBe(true);
    expect(stderr.trimEnd()).not.toContain("\n");
    return stderr.trimEnd();
  };

  it("when they are no traces", async () => {
    const folder = await createTemporaryFolder();
    await writeFile(join(folder, "page.json"), "<!doctype html>\n<html>not found</html>");
    await writeFile(join(folder, "empty.json"), "");
    await writeFile(
      join(folder, "noise.bin"),
      Uint8Array.from({ length: 64 }, (_, i) => (i * 37 + 1) & 255),
    );
    const formats = expect.stringMatching(/\. Can be opened: Chrome, /) as string;
    const page = await refused("page.json", folder);
    expect(page).toEqual(formats);
    expect(page).toMatch(
      /^deltaflame: page\.json: expected a trace, found an HTML page \(a download that needs a log-in\?\)\. /,
    );
    expect(await refused("empty.json", folder)).toBe("deltaflame: empty.json: expected a trace, found an empty file");
    expect(await refused("noise.bin", folder)).toMatch(
      /^deltaflame: noise\.bin: expected a trace, found a file of unknown format \(first bytes 01 26 4b 70 /,
    );
  });

  it("when they are not there, or no files", async () => {
    const folder = await createTemporaryFolder();
    await mkdir(join(folder, "traces"));
    expect(await refused("gone.json", folder)).toBe("deltaflame: gone.json: no such file");
    expect(await refused("traces", folder)).toBe(
      "deltaflame: traces: is a folder, not a trace file, and holds no profile (no name ends with .xplane.pb)",
    );
    expect(await refused(join(folder, "a", "b.json"), folder)).toBe(
      `deltaflame: ${join(folder, "a", "b.json")}: no such file`,
    );
    const open = await run(["open", "gone.json"], { cwd: folder });
    expect(open).toEqual({ exitCode: 3, stdout: "", stderr: "deltaflame: gone.json: no such file\n" });
  });
});

describe("the command line itself", () => {
  it("ends with 2 when it is used wrongly", async () => {
    const path = await writeEvents(await createTemporaryFolder(), "rich.json");
    const wrong: readonly (readonly [words: readonly string[], message: string])[] = [
      [["info"], "deltaflame: missing required argument 'file'"],
      [["top", path, "--kind", "gpu"], 'deltaflame: unknown kind "gpu"; kinds are other, step, phase, op, '],
      [
        ["top", path, "--limit", "0"],
        "deltaflame: option '--limit <count>' argument '0' is invalid. It must be a whole number from 1 up.",
      ],
      [["top", path, "--group", "color"], "argument 'color' is invalid. Allowed choices are name, path."],
      [["spans", path, "--from", "1.5"], 'deltaflame: "1.5" is not a whole number of ns'],
      [["spans", path, "--from", "5", "--to", "5"], "deltaflame: --to must lie after --from"],
      [["spans", path, "--track", "nowhere"], 'deltaflame: no track is called "nowhere"; `deltaflame info` lists them'],
      [["explode"], "deltaflame: unknown command 'explode'"],
    ];
    for (const [words, message] of wrong) {
      const { exitCode, stdout, stderr } = await run(words);
      expect({ words, exitCode, stdout }).toEqual({ words, exitCode: 2, stdout: "" });
      expect(stderr).toContain(message);
    }
  });

  it("shows help and version", async () => {
    const help = await run(["--help"]);
    expect(help).toMatchObject({ exitCode: 0, stderr: "" });
    for (const command of ["info", "top", "spans", "open", "demo"]) expect(help.stdout).toContain(`  ${command} `);
    const { version } = JSON.parse(await readFile(join(bundles.distFolder, "..", "package.json"), "utf8")) as {
      readonly version: string;
    };
    expect(await run(["--version"])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: "" });
  });

  it("stops at Ctrl+C without a word", async () => {
    const path = writeManySpans(await createTemporaryFolder(), "many.json", 100_000);
    const { exitCode, stdout, stderr } = await run(["spans", path], { signalOnOutput: "SIGINT" });
    expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: "" });
    expect(stdout.split("\n").length).toBeLessThan(100_000);
  });

  it.each([
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("leaves nothing half written behind at %s", async (signal, status) => {
    const folder = await createTemporaryFolder();
    const path = writeManySpans(folder, "many.json", 400_000);
    const target = join(folder, "out.json");
    const before = await readdir(folder);
    const written = (async (): Promise<NodeJS.Signals> => {
      while ((await readdir(folder)).length === before.length) await setTimeout(2);
      return signal;
    })();
    const { exitCode, stderr } = await run(["export", path, "--out", target], {
      signalWhen: written,
    });
    expect({ exitCode, stderr, files: await readdir(folder) }).toEqual({ exitCode: status, stderr: "", files: before });
  });
});

describe("deltaflame demo", () => {
  it("prints what is in the bundled traces and writes a picture of each", async () => {
    await cp(join(repositoryFolder, "traces", "samples"), join(bundles.distFolder, "samples"), { recursive: true });
    const samples = JSON.parse(
      await readFile(join(bundles.distFolder, "samples", "samples.json"), "utf8"),
    ) as readonly { readonly id: string; readonly name: string }[];
    const folder = await createTemporaryFolder();
    const { exitCode, stdout, stderr } = await run(["demo", "--samples-only", "--out", "pictures"], { cwd: folder });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(samples).toHaveLength(7);
    for (const { id, name } of samples) {
      expect(stdout).toContain(`\n${name}: `);
      const path = join(folder, "pictures", `${id}.png`);
      expect(stdout).toContain(`${path}\n`);
      const png = await readFile(path);
      expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
      expect(png.readUInt32BE(16)).toBe(1600);
      expect(countColors(png)).toBeGreaterThan(3);
    }
  });
});

/** Distinct colors of a PNG as we write them: one IDAT, no filters. */
function countColors(png: Buffer): number {
  const width = png.readUInt32BE(16);
  const length = png.readUInt32BE(33);
  const lines = inflateSync(png.subarray(41, 41 + length));
  const colors = new Set<number>();
  for (let line = 0; line < lines.length; line += 1 + width * 4) {
    for (let px = 0; px < width; px++) colors.add(lines.readUInt32BE(line + 1 + px * 4));
  }
  return colors.size;
}

describe("deltaflame open", () => {
  it("hands the files to the start script of the checkout", async () => {
    const folder = await createTemporaryFolder();
    const path = await writeEvents(folder, "rich.json");
    const alone = await run(["open", path]);
    expect(alone).toMatchObject({ exitCode: 1, stdout: "" });
    expect(alone.stderr).toContain("npm start -- FILE");
    const scripts = join(bundles.distFolder, "..", "electron", "scripts");
    await mkdir(scripts, { recursive: true });
    await writeFile(join(scripts, "start.mjs"), "console.log(JSON.stringify(process.argv.slice(2)));");
    const { exitCode, stdout } = await run(["open", "rich.json"], { cwd: folder });
    expect({ exitCode, files: JSON.parse(stdout) as unknown }).toEqual({ exitCode: 0, files: [path] });
    const link = `deltaflame://view?file=${path}&content=${"0".repeat(64)}&view=0,5`;
    const linked = await run(["open", link, "rich.json"], { cwd: folder });
    expect(JSON.parse(linked.stdout)).toEqual([path, link]);
    const gone = await run(["open", link.replace("rich", "gone")]);
    expect(gone).toMatchObject({ exitCode: 3, stdout: "" });
    expect(gone.stderr).toContain("gone.json: no such file");
    const damaged = await run(["open", `${link},9`]);
    expect(damaged).toMatchObject({ exitCode: 2, stdout: "" });
    expect(damaged.stderr).toContain("the numbers behind “view” cannot be right");
  });
});

describe("compressed files that look like a trap", () => {
  it("are refused with the numbers, and pass when the user says so", async () => {
    const folder = await createTemporaryFolder();
    const path = join(folder, "bomb.json.gz");
    const event = '{"ph":"X","pid":1,"tid":1,"name":"a","ts":1,"dur":1}';
    await writeFile(
      path,
      gzipSync(Buffer.concat([Buffer.from(`[${event}`), Buffer.alloc(80 * 2 ** 20, " "), Buffer.from("]")])),
    );
    const refused = await run(["info", path, "--json"]);
    expect({ exitCode: refused.exitCode, stdout: refused.stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(refused.stderr).toMatch(/bomb\.json\.gz: .* \d+ : 1 where at most 1000 : 1 is allowed/);
    const allowed = await run(["info", path, "--json", "--allow-large-inflate"]);
    expect(JSON.parse(allowed.stdout)).toMatchObject({ spans: 1 });
  });

  it.skipIf(process.platform !== "linux")("take no more memory where 1 GiB comes out of them than 16 MiB", async () => {
    const folder = await createTemporaryFolder();
    const preload = join(folder, "tell-peak.cjs");
    await writeFile(
      preload,
      'process.on("exit", () => process.stderr.write(require("node:fs").readFileSync("/proc/self/status", "utf8")));',
    );
    const event = '{"ph":"X","pid":1,"tid":1,"name":"a","ts":1,"dur":1}';
    const spaces = gzipSync(Buffer.alloc(16 * 2 ** 20, " "));
    const peakMb = async (count: number): Promise<number> => {
      const path = join(folder, `spaces-${count}.json.gz`);
      const members = Array.from({ length: count }, () => spaces);
      await writeFile(path, Buffer.concat([gzipSync(`[${event}`), ...members, gzipSync("]")]));
      const words = [preload, bundles.cli, "info", path, "--json", "--allow-large-inflate"];
      const { stdout, stderr } = await runCommand("--require", words);
      expect(JSON.parse(stdout)).toMatchObject({ spans: 1 });
      return Number(/^VmHWM:\s+(\d+) kB/mu.exec(stderr)?.[1]) / 1024;
    };
    const small = await peakMb(1);
    expect((await peakMb(64)) - small).toBeLessThan(64);
    const refused = await run(["info", join(folder, "spaces-64.json.gz"), "--json"]);
    expect({ exitCode: refused.exitCode, stdout: refused.stdout }).toEqual({ exitCode: 3, stdout: "" });
  });
});
