import type { SpanDetails } from "../../electron/contract/engine-contract.ts";
import type { Selection } from "../state/trace-tab.ts";
import { arrowsOf, type FlowArrow } from "./flow-arrows.ts";

/** Details of the selected span: its arrows are drawn, its links followed. */
export class SelectedSpan {
  readonly #ask: (span: number) => Promise<SpanDetails>;
  readonly #onChange: () => void;
  readonly #onError: (error: unknown) => void;
  #span: number | null = null;
  #details: SpanDetails | null = null;
  #arrows: readonly FlowArrow[] = [];

  constructor(ask: (span: number) => Promise<SpanDetails>, onChange: () => void, onError: (error: unknown) => void) {
    this.#ask = ask;
    this.#onChange = onChange;
    this.#onError = onError;
  }

  get details(): SpanDetails | null {
    return this.#details;
  }

  get arrows(): readonly FlowArrow[] {
    return this.#arrows;
  }

  take(selection: Selection): void {
    const span = selection.kind === "span" ? selection.span.span : null;
    if (span === this.#span) return;
    this.#span = span;
    this.#details = null;
    this.#arrows = [];
    if (span === null) return;
    this.#ask(span).then(
      (details) => {
        if (this.#span !== span) return;
        this.#details = details;
        this.#arrows = arrowsOf(details.brief, details.links);
        this.#onChange();
      },
      (error: unknown) => {
        if (this.#span === span) this.#onError(error);
      },
    );
  }
}
