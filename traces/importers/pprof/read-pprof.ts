import type { ByteSource } from "../../io/byte-source.ts";
import { FieldReader, messageEnd, WireError } from "../../io/protobuf.ts";
import { TraceFormatError } from "../../model/errors.ts";
import type { TrackId } from "../../model/ids.ts";
import type { TraceBuilder, TraceDescription } from "../../model/trace-builder.ts";
import { SampledStacks } from "../chrome/sampled-stacks.ts";
import type { ImportContext } from "../importer.ts";
import { axisFact, axisUnitOf, labelWithUnit, withUnit } from "../stacks/axis-unit.ts";
import { CallPaths, createFrame, type Frame } from "../stacks/call-paths.ts";
import { addStackSpans, WeightedStacks } from "../stacks/stack-track.ts";
import { createProfile, type PprofProfile, readField } from "./read-profile.ts";

const format = "pprof";
/** Profiles are small; all of one must be in memory, since strings come last. */
const largestProfile = 2 ** 30;

/** Reads a pprof profile; what breaks off or is damaged is kept up to there. Throws TraceFormatError. */
export async function readPprof(
  source: ByteSource,
  builder: TraceBuilder,
  context: ImportContext,
): Promise<TraceDescription> {
  const bytes = await readAll(source, context);
  const profile = createProfile();
  const reader = new FieldReader();
  reader.attach(bytes, 0);
  try {
    for (let at = reader.step(0, bytes.length); at !== messageEnd; at = reader.step(at, bytes.length))
      readField(reader, profile);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    // Strings stand at the end: without them nothing has a name.
    if (profile.strings.length < 2 || profile.types.length === 0)
      throw new TraceFormatError(`expected a pprof profile in whole: ${error.message}`, {
        format,
        byteOffset: error.byteOffset,
      });
    builder.ledger.truncatedAt(error.byteOffset);
    builder.ledger.note("damaged", error.message, error.byteOffset);
  }
  if (profile.types.length > 0 && profile.strings.length === 0)
    throw new TraceFormatError(
      `expected the strings of the pprof profile before byte ${bytes.length}, found none: the file was cut`,
      { format, byteOffset: bytes.length },
    );
  for (const warning of source.warnings) builder.ledger.note(warning.code, warning.message, warning.byteOffset);
  return new ProfileBuilder(profile, builder, bytes.length).build(context.fileName);
}

async function readAll(source: ByteSource, context: ImportContext): Promise<Uint8Array> {
  const access = await source.openRandomAccess(() => context.throwIfCancelled());
  if (access.size > largestProfile)
    throw new TraceFormatError(`expected a pprof profile of at most ${largestProfile} bytes, found ${access.size}`, {
      format,
      byteOffset: largestProfile,
    });
  const bytes = new Uint8Array(access.size);
  return bytes.subarray(0, access.readAt(0, bytes));
}

class ProfileBuilder {
  readonly #profile: PprofProfile;
  readonly #builder: TraceBuilder;
  readonly #size: number;
  readonly #frames: Frame[] = [];
  readonly #framesOfLocation = new Map<number | bigint, readonly number[]>();
  readonly #frameIds = new Map<string, number>();

  constructor(profile: PprofProfile, builder: TraceBuilder, size: number) {
    this.#profile = profile;
    this.#builder = builder;
    this.#size = size;
  }

  build(fileName: string): TraceDescription {
    const { types, samples, timeNanos, locations, functions } = this.#profile;
    if (types.length === 0)
      throw new TraceFormatError("expected sample types in the pprof profile, found none", {
        format,
        byteOffset: this.#size,
      });
    const { ledger } = this.#builder;
    const tables = locations.size + functions.size;
    ledger.read(samples.length + tables);
    ledger.metadata(tables);
    this.#builder.setClock(BigInt(timeNanos), timeNanos === 0 ? null : 0n);
    const chosen = this.#chooseType();
    const process = this.#builder.addTrack({ kind: "process", name: "profile" });
    let kept = 0;
    for (const type of [chosen, ...types.keys()].filter((each, position, all) => all.indexOf(each) === position))
      kept = Math.max(kept, this.#addTrack(process, type, type === chosen));
    ledger.foldedIn(kept);
    ledger.dropped("sampleWithoutValue", "samples without a value for the shown type", -1, samples.length - kept);
    return {
      name: fileName,
      format,
      formatLabel: labelWithUnit("pprof profile", axisUnitOf(this.#text(types[chosen].unit))),
      facts: this.#facts(chosen),
    };
  }

  #chooseType(): number {
    const { types, defaultType } = this.#profile;
    const wanted = defaultType === 0 ? -1 : types.findIndex(({ type }) => type === defaultType);
    return wanted >= 0 ? wanted : types.length - 1;
  }

  /** Returns the samples that have a value of this type. */
  #addTrack(process: TrackId, type: number, isChosen: boolean): number {
    const { samples, types } = this.#profile;
    const unit = axisUnitOf(this.#text(types[type].unit));
    const name = withUnit(this.#text(types[type].type), unit);
    // Other types say the same of the same stacks: no sum may count them twice.
    const kind = isChosen ? "thread" : "frame";
    const track = this.#builder.addTrack({ kind, name, parent: process, sortIndex: isChosen ? 0 : type + 1 });
    const paths = new CallPaths(this.#frames);
    const stacks = new SampledStacks();
    const weighted = new WeightedStacks(stacks, unit.nsPerUnit);
    let negative = 0;
    for (const { locations, values, offset } of samples) {
      const value = values[type];
      if (value === undefined) continue;
      if (value < 0) negative++;
      weighted.add(paths.nodeOf(this.#framesOf(locations)), Math.max(0, value), offset);
    }
    this.#builder.ledger.note("negativeWeights", "samples of negative weight were set to 0", -1, negative);
    addStackSpans(this.#builder, track, stacks);
    return stacks.length;
  }

  /** Outermost first; locations stand leaf first. */
  #framesOf(locations: readonly (number | bigint)[]): readonly number[] {
    return locations.toReversed().flatMap((location) => this.#framesOfOne(location));
  }

  #framesOfOne(id: number | bigint): readonly number[] {
    let frames = this.#framesOfLocation.get(id);
    if (frames !== undefined) return frames;
    const location = this.#profile.locations.get(id);
    if (location === undefined || location.lines.length === 0) {
      const address = location?.address ?? id;
      frames = [this.#frame(`0x${BigInt(address).toString(16)}`, "")];
    } else {
      frames = location.lines.toReversed().map(({ functionId }) => {
        const found = this.#profile.functions.get(functionId);
        const file =
          this.#text(found?.filename ?? 0)
            .split("/")
            .at(-1) ?? "";
        const name = found === undefined ? `function ${functionId}` : this.#text(found.name);
        return this.#frame(name, file);
      });
    }
    this.#framesOfLocation.set(id, frames);
    return frames;
  }

  #frame(name: string, place: string): number {
    // Lines of one function are one function.
    const known = this.#frameIds.get(name);
    if (known !== undefined) return known;
    const id = this.#frames.push(createFrame(this.#builder, name, place)) - 1;
    this.#frameIds.set(name, id);
    return id;
  }

  #text(index: number): string {
    return this.#profile.strings[index] ?? `(string ${index})`;
  }

  #facts(chosen: number): readonly (readonly [string, string])[] {
    const { types, durationNanos, period, periodType, samples } = this.#profile;
    const axis = axisFact(axisUnitOf(this.#text(types[chosen].unit)));
    return [
      ["sample types", types.map(({ type, unit }) => `${this.#text(type)} (${this.#text(unit)})`).join(", ")],
      ["samples", String(samples.length)],
      ...(durationNanos === 0 ? [] : [["recorded for", `${durationNanos} ns`] as const]),
      ...(period === 0 || periodType === null ? [] : [["period", `${period} ${this.#text(periodType.unit)}`] as const]),
      ...(axis === null ? [] : [axis]),
    ];
  }
}
