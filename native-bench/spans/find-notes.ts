import { blockRows, mostLiveBlocks, RecordTag, type RecordBlock } from "./record-block.ts";
import type { BlockViewer, RecordedTrack } from "./recorded-track.ts";

type Note = readonly [key: string, value: string];

/** Arguments of the span at `row`, in the order they were noted. */
export function findNotes(track: RecordedTrack, row: number, viewer: BlockViewer): readonly Note[] {
  const held = track.held.get(row);
  const first = Math.floor(row / blockRows);
  const written = track.goneBlocks + track.blocks.length;
  // Those that came after the block had retired were told in messages.
  const last = held === undefined ? written : Math.min(written, first + mostLiveBlocks + 1);
  const notes: Note[] = [];
  let endNs = held === undefined ? Infinity : endOf(held.startNs, held.durationNs);
  for (let number = first; number < last; number++) {
    const seen = viewer.view(track, number);
    if (seen === null) continue;
    const { block, rows } = seen;
    const at = row - number * blockRows;
    if (at >= 0 && held === undefined) endNs = endOf(block.a[at], block.b[at]);
    const isOver = collectNotes(notes, track, { block, from: Math.max(0, at + 1), rows, span: row, endNs });
    // Taken for newer rows meanwhile.
    if (!seen.isSame()) return [];
    if (isOver) break;
  }
  return held === undefined ? notes : [...notes, ...held.notes];
}

const endOf = (startNs: number, durationNs: number): number => (durationNs < 0 ? Infinity : startNs + durationNs);

interface NotesOfBlock {
  readonly block: RecordBlock;
  readonly from: number;
  readonly rows: number;
  readonly span: number;
  readonly endNs: number;
}

/** True when a span begins after `endNs`: notes follow their span closely, none comes after its end. */
function collectNotes(
  notes: Note[],
  { names }: RecordedTrack,
  { block, from, rows, span, endNs }: NotesOfBlock,
): boolean {
  const textOf = (name: number): string => names[name]?.text ?? "";
  for (let at = from; at < rows; at++) {
    const tag = block.tag[at];
    if (tag === RecordTag.span && block.a[at] > endNs) return true;
    if (block.b[at] !== span) continue;
    if (tag === RecordTag.number) notes.push([textOf(block.name[at]), String(block.a[at])]);
    else if (tag === RecordTag.text) notes.push([textOf(block.name[at]), textOf(block.a[at])]);
  }
  return false;
}
