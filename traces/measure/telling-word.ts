/** Members that tell the objects of a list apart, the best first. */
const tellingKeys = [
  "name",
  "label",
  "id",
  "mode",
  "config",
  "molecule",
  "n_atoms",
  "batch_size",
  "n_points",
  "size",
  "n",
];

type JsonRecord = Readonly<Record<string, unknown>>;

/** A member that every object has, most of them with a value of their own; null where there is none. */
export function findTellingKey(objects: readonly JsonRecord[]): string | null {
  return tellingKeys.find((key) => tellsApart(objects, key)) ?? null;
}

/** The word of a path for an object of a list: "benzene", "n_atoms=12", or "#3" where nothing tells it apart. */
export function tellingWord(object: JsonRecord, key: string | null, index: number): string {
  const value = key === null ? null : object[key];
  if (typeof value === "number") return `${key}=${value}`;
  return typeof value === "string" ? value : `#${index + 1}`;
}

function tellsApart(objects: readonly JsonRecord[], key: string): boolean {
  const values = objects.map((object) => object[key]);
  if (values.length === 0 || !values.every((value) => typeof value === "number" || typeof value === "string"))
    return false;
  return new Set(values).size * 2 > values.length;
}
