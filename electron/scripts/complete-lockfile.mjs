import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/*
 * npm leaves optional packages for other platforms out of the lockfile when the registry it asked does not serve them,
 * and `npm ci` then refuses the lockfile. This adds them by name and version; the integrity of a package that was not
 * there to be hashed stays open. Run after every change of dependencies: `npm run lockfile`.
 */

/**
 * @typedef {{ version?: string, cpu?: string[], os?: string[], libc?: string[], dev?: boolean, optional?: boolean,
 *   optionalDependencies?: Record<string, string> }} LockEntry
 */

const file = fileURLToPath(new URL("../../package-lock.json", import.meta.url));
/** @type {{ packages: Record<string, LockEntry> }} */
const lock = JSON.parse(readFileSync(file, "utf8"));
let added = 0;
for (const [key, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const nested = key === "" ? `node_modules/${name}` : `${key}/node_modules/${name}`;
    if (lock.packages[nested] !== undefined || lock.packages[`node_modules/${name}`] !== undefined) continue;
    const platform = platformOf(name);
    if (platform === null || !/^\d/.test(version)) {
      console.warn(`left out: ${name}@${version} of ${key}`);
      continue;
    }
    lock.packages[`node_modules/${name}`] = {
      version,
      ...(entry.dev === true && { dev: true }),
      optional: true,
      ...platform,
    };
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => a.localeCompare(b, "en")));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} packages of other platforms added to package-lock.json`);

/**
 * What the name of a binary package says: "@oxfmt/binding-linux-x64-musl".
 * @param {string} name
 * @returns {Pick<LockEntry, "cpu" | "os" | "libc"> | null}
 */
function platformOf(name) {
  const match =
    /(android|darwin|freebsd|linux|openharmony|win32|sunos|aix|openbsd|netbsd|wasm32)-?(arm64|arm|x64|ia32|ppc64|riscv64|s390x|x86|loong64|mips64el|universal|wasi)?/.exec(
      name,
    );
  if (match === null) return null;
  const [, os, cpu] = match;
  if (os === "wasm32") return { cpu: ["wasm32"] };
  const libc = name.includes("musl") ? ["musl"] : os === "linux" && name.includes("gnu") ? ["glibc"] : null;
  return { ...(cpu !== undefined && cpu !== "universal" && { cpu: [cpu] }), os: [os], ...(libc !== null && { libc }) };
}
