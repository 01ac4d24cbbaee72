import { homedir } from "node:os";
import { join } from "node:path";

/** Where runtimes are kept between runs; never inside the repository. */
export function findCacheFolder(env = process.env) {
  if (env.DELTAFLAME_CACHE) return env.DELTAFLAME_CACHE;
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, "deltaflame");
  return join(homedir(), ".cache", "deltaflame");
}
