import type { Advice } from "../../../traces/advise/advice.ts";
import { advise } from "../../../traces/advise/advise.ts";
import { toSpanBrief } from "../../../traces/query/span-brief.ts";
import { readInputs } from "../read-inputs.ts";
import { createRecent, type Recent } from "../recent.ts";
import { derive } from "../trace-store.ts";
import type { HandlerParts, Handlers } from "./create-handlers.ts";

/** Answers about what could be saved. A trace is asked once per snapshot. */
export function createAdviceHandlers({ store }: HandlerParts): Pick<Handlers, "advice.get"> {
  return {
    async "advice.get"({ trace: key }, context) {
      const current = store.current(key);
      const kept: Recent<Advice> = derive(current, "advice", () => createRecent(1));
      const advice = await kept.get("", async () => {
        const inputs = await readInputs(store.entry(key), current, context);
        return await context.runSlices(advise(current.trace, undefined, inputs));
      });
      return {
        advice,
        evidence: advice.findings.map(({ evidence }) => evidence.map((span) => toSpanBrief(current.trace, span))),
      };
    },
  };
}
