import type { Item, WorkloadFacts } from "./catalog.ts";

const anyItem: Item = { one: "item", many: "items" };

/** What a step of these variants processes; "item" where they differ. */
export function itemOf({ item, variants }: Pick<WorkloadFacts, "item" | "variants">, ids: Iterable<string>): Item {
  const items = new Map<string, Item>();
  for (const id of ids) {
    const own = variants.find((variant) => variant.id === id)?.item ?? item;
    items.set(own.one, own);
  }
  const [first = item, ...others] = items.values();
  return others.length === 0 ? first : anyItem;
}
