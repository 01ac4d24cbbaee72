import type { HandlerParts, Handlers } from "./create-handlers.ts";

/** Unknown ids answer "": the window may ask for the names of a picture that a newer snapshot replaced. */
export function createNameHandlers({ store }: HandlerParts): Pick<Handlers, "names.get"> {
  return {
    async "names.get"({ trace, ids }) {
      const { strings } = store.current(trace).trace;
      return ids.map((id) => strings[id] ?? "");
    },
  };
}
