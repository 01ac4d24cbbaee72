import type { HandlerParts, Handlers } from "./create-handlers.ts";
import { textOf } from "../../../traces/model/text-table.ts";

/** Unknown ids answer "": the window may ask for the names of a picture that a newer snapshot replaced. */
export function createNameHandlers({ store }: HandlerParts): Pick<Handlers, "names.get"> {
  return {
    async "names.get"({ trace, ids }) {
      const { strings } = store.current(trace).trace;
      return ids.map((id) => (id < strings.length ? textOf(strings, id) : ""));
    },
  };
}
