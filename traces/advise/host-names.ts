import { SpanKind } from "../model/span-kind.ts";

/* What spans of the host do, by their names: the words of loaders, allocators and writers of the tools we read. */

const loader =
  /data_?loader|_next_data|\bget_?next\b|infeed|next_?batch|load_?batch|prefetch|input_?pipeline|iterator::|tf_data/i;

/** Waits for or makes the input of a step. */
export function isLoader(name: string, kind: number): boolean {
  return loader.test(name) && kind !== SpanKind.launch && kind !== SpanKind.sync;
}

const writer = /write|save|checkpoint|fsync|flush|serializ|\bdump|to_disk|\blogging\b/i;
/** Words that mean nothing else even in the name of an operation. */
const plainWriter = /checkpoint|fsync|torch\.save|np\.save|to_disk/i;

/** Writes to a file or a stream of logs. */
export function isWriter(name: string, kind: number): boolean {
  if (kind === SpanKind.io || kind === SpanKind.other) return writer.test(name);
  return kind === SpanKind.op && plainWriter.test(name);
}

const allocator =
  /^(?:cuda|hip|cu)(?:Mem)?(?:Malloc|Alloc|Free)|^(?:cuda|hip)Host(?:Alloc|Malloc|Free)|\b(?:malloc|calloc|munmap|mmap)\b|\btidy\b/i;

const collector = /\bgc\b|^(?:V8\.)?GC|MinorGC|MajorGC|garbage|scavenge/i;

/** Collects garbage. */
export function isCollection(name: string, kind: number): boolean {
  return kind !== SpanKind.kernel && collector.test(name);
}

/** Takes or gives back memory, or collects garbage. */
export function isAllocation(name: string, kind: number): boolean {
  return kind !== SpanKind.kernel && (allocator.test(name) || collector.test(name));
}
