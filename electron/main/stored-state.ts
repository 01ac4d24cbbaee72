import ElectronStore from "electron-store";
import * as v from "valibot";
import { usualTraceCacheLimitBytes } from "../contract/trace-cache.ts";

const boundsSchema = v.object({
  x: v.number(),
  y: v.number(),
  width: v.number(),
  height: v.number(),
  maximized: v.boolean(),
});

const recentSchema = v.object({
  id: v.string(),
  path: v.string(),
  formatLabel: v.nullable(v.string()),
  openedAt: v.number(),
});

const stateSchemas = {
  window: v.nullable(boundsSchema),
  recentFiles: v.array(recentSchema),
  settings: v.record(v.string(), v.unknown()),
  traceCacheLimitBytes: v.pipe(v.number(), v.minValue(0)),
};

const initialState: StoredState = {
  window: null,
  recentFiles: [],
  settings: {},
  traceCacheLimitBytes: usualTraceCacheLimitBytes,
};

/** Outer bounds of the window when it was last neither maximized nor full screen. */
export type WindowBounds = v.InferOutput<typeof boundsSchema>;
export type StoredRecentFile = v.InferOutput<typeof recentSchema>;

interface StoredState {
  readonly window: WindowBounds | null;
  readonly recentFiles: readonly StoredRecentFile[];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly traceCacheLimitBytes: number;
}

export interface StateStore {
  read<K extends keyof StoredState>(key: K): StoredState[K];
  write<K extends keyof StoredState>(key: K, value: StoredState[K]): void;
}

/** What the shell remembers between starts, in one JSON file of the user's profile; a part that does not parse starts anew. */
export function openStateStore(): StateStore {
  const store = new ElectronStore<Record<string, unknown>>({ name: "deltaflame", clearInvalidConfig: true });
  return {
    read(key) {
      const parsed = v.safeParse(stateSchemas[key], store.get(key));
      // One schema a key: what parses with the schema of `key` is the state of `key`.
      return parsed.success ? (parsed.output as StoredState[typeof key]) : initialState[key];
    },
    write(key, value) {
      store.set(key, value);
    },
  };
}
