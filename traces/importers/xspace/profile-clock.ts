import type { TraceBuilder } from "../../model/trace-builder.ts";

/** Timestamps of lines above this are Unix time, below it time since the profile began. */
const firstUnixNs = 100_000_000_000_000_000n;
/** The base is a whole number of seconds: even, so that a time halfway between two rounds the same way from it. */
const baseUnitNs = 1_000_000_000n;

/** When a host began, and the lines it has. */
export interface HostTimes {
  /** Null when the file does not say. */
  readonly startUnixNs: bigint | null;
  readonly timestampsNs: readonly (number | bigint)[];
}

/** One time base for the lines of all hosts. */
export class ProfileClock {
  readonly #builder: TraceBuilder;
  readonly #startsUnixNs: readonly (bigint | null)[];
  readonly #baseNs: bigint;
  /** The base is Unix time; else the start of the first host's profile. */
  readonly #isUnix: boolean;
  #noted = false;

  constructor(builder: TraceBuilder, hosts: readonly HostTimes[]) {
    this.#builder = builder;
    this.#startsUnixNs = hosts.map(({ startUnixNs }) => startUnixNs);
    const unix = hosts.flatMap(({ timestampsNs }) => timestampsNs.map(BigInt).filter(isUnixTime));
    this.#isUnix = unix.length > 0;
    const earliest = unix.reduce((least, time) => (time < least ? time : least), unix[0] ?? 0n);
    this.#baseNs = (earliest / baseUnitNs) * baseUnitNs;
    builder.setClock(this.#baseNs, this.#isUnix ? 0n : (this.#startsUnixNs[0] ?? null));
  }

  /** The timestamp of a line of a host as ns since the base. */
  lineNs(timestampNs: number | bigint, host: number): number {
    const timestamp = BigInt(timestampNs);
    const start = this.#startsUnixNs[host] ?? null;
    if (isUnixTime(timestamp)) return Number(timestamp - this.#baseNs);
    if (this.#isUnix) return Number(timestamp + (start === null ? 0n : start - this.#baseNs));
    const first = this.#startsUnixNs[0] ?? null;
    if (host > 0 && (start === null || first === null)) this.#noteUnaligned();
    return Number(timestamp + (start === null || first === null ? 0n : start - first));
  }

  #noteUnaligned(): void {
    if (this.#noted) return;
    this.#noted = true;
    this.#builder.ledger.note(
      "unalignedHosts",
      "a host does not say when its profile began: its times were taken to begin with those of the first host",
      -1,
    );
  }
}

function isUnixTime(timestampNs: bigint): boolean {
  return timestampNs >= firstUnixNs;
}
