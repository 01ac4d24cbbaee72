import { FieldReader, messageEnd, WireError } from "../../io/protobuf.ts";
import { holdsReplacement } from "./damage.ts";
import { Plane } from "./schema.ts";

/** Field 1, planes, length-delimited. */
const planesTag = 0x0a;
/** Wire types of the fields of a plane: number, text, messages. */
const planeWires: Readonly<Record<number, number>> = {
  [Plane.id]: 0,
  [Plane.name]: 2,
  [Plane.lines]: 2,
  [Plane.eventMetadata]: 2,
  [Plane.statMetadata]: 2,
  [Plane.stats]: 2,
};
const knownPlane = /^(?:\/host:|\/device:|#Chip|Task Environment$)/;
// oxlint-disable-next-line no-control-regex -- bytes, not text
const damagedPlane = /\x12.{1,9}\/(?:host|device):/s;

/** How surely a file that starts with `head` is an XSpace: its first message must be a plane with a printable name. */
export function sniffXSpace(head: Uint8Array): number {
  if (head[0] !== planesTag) return 0;
  const name = firstPlaneName(head);
  if (name !== null) return knownPlane.test(name) ? 0.98 : 0.6;
  const start = new TextDecoder("latin1").decode(head.subarray(0, 64));
  return holdsReplacement(head) && damagedPlane.test(start) ? 0.9 : 0;
}

/** Name of the first plane; null when the first message is none. */
function firstPlaneName(head: Uint8Array): string | null {
  const reader = new FieldReader();
  reader.attach(head, 0);
  try {
    reader.step(0, Infinity);
    const { start, end } = reader;
    for (let at = reader.step(start, end); at !== messageEnd; at = reader.step(at, end)) {
      if (planeWires[reader.field] !== reader.wire) return null;
      if (reader.field === Plane.name) return reader.holds ? printable(reader.text()) : null;
      if (!reader.holds) return null;
    }
    // A plane without a name is one that nobody writes.
    return null;
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}

function printable(text: string): string | null {
  // oxlint-disable-next-line no-control-regex -- bytes that no name has
  return text !== "" && !/[\0-\x1f\x7f\uFFFD]/.test(text) ? text : null;
}
