import type { SlotMeaning, ViewPicture, ViewRequest } from "../../electron/contract/engine-contract.ts";
import type { MinimapPlan } from "./minimap.ts";

export interface MinimapQuestion {
  readonly plan: MinimapPlan;
  readonly endNs: number;
  readonly widthPx: number;
  readonly search: ViewRequest["search"];
  readonly slots: SlotMeaning;
}

/** The picture of the whole trace behind the minimap: asked for when trace, search or width change, one at a time. */
export class MinimapPicture {
  readonly #ask: (question: MinimapQuestion) => Promise<ViewPicture>;
  readonly #onPicture: (picture: ViewPicture, plan: MinimapPlan) => void;
  readonly #onError: (error: unknown) => void;
  #asked: MinimapQuestion | null = null;
  #waiting: MinimapQuestion | null = null;
  #asking = false;

  constructor(
    ask: (question: MinimapQuestion) => Promise<ViewPicture>,
    onPicture: (picture: ViewPicture, plan: MinimapPlan) => void,
    onError: (error: unknown) => void,
  ) {
    this.#ask = ask;
    this.#onPicture = onPicture;
    this.#onError = onError;
  }

  want(question: MinimapQuestion): void {
    if (this.#asking) {
      this.#waiting = question;
      return;
    }
    if (
      question.widthPx <= 0 ||
      question.plan.strips.length === 0 ||
      (this.#asked !== null && sameQuestion(this.#asked, question))
    )
      return;
    this.#asked = question;
    this.#asking = true;
    this.#ask(question).then(
      (picture) => {
        this.#onPicture(picture, question.plan);
        this.#next();
      },
      (error: unknown) => {
        this.#onError(error);
        this.#next();
      },
    );
  }

  #next(): void {
    this.#asking = false;
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting !== null) this.want(waiting);
  }
}

const sameQuestion = (a: MinimapQuestion, b: MinimapQuestion): boolean =>
  a.plan === b.plan && a.endNs === b.endNs && a.widthPx === b.widthPx && a.search === b.search && a.slots === b.slots;
