import type { Evaluation, Structure } from "../structures/structure.ts";

/** What stays the same while structures move: plain data, sent to threads once. */
export interface Lineup {
  readonly structures: readonly Omit<Structure, "positions">[];
  /** Positions in `structures` of what is evaluated together, in the order they are to be taken. */
  readonly chunks: readonly (readonly number[])[];
  readonly memory: SharedArrayBuffer;
}

export function createLineup(structures: readonly Structure[], chunks: Lineup["chunks"]): Lineup {
  return {
    structures: structures.map(({ name, atomicNumbers, cell }) => ({ name, atomicNumbers, cell })),
    chunks,
    memory: new SharedArrayBuffer(controlBytes + 8 * countNumbers(structures)),
  };
}

/** Whether `structures` are those of the lineup, moved. */
export function isSameLineup({ structures: known }: Lineup, structures: readonly Structure[]): boolean {
  return (
    known.length === structures.length &&
    structures.every(
      ({ name, atomicNumbers, cell }, i) =>
        known[i].atomicNumbers === atomicNumbers && known[i].cell === cell && known[i].name === name,
    )
  );
}

const controlBytes = 8;
const virialLength = 9;

function countNumbers(structures: readonly Pick<Structure, "atomicNumbers">[]): number {
  return structures.reduce((sum, { atomicNumbers }) => sum + 6 * atomicNumbers.length + 1 + virialLength, 0);
}

interface Seat {
  readonly positions: Float64Array;
  readonly forces: Float64Array;
  /** Energy, then the virial. */
  readonly rest: Float64Array;
}

/**
 * Positions and results of a lineup in memory that all threads see, and whose turn it is. Threads take chunks until none
 * is left, so that one that was held up does less; nothing is copied through messages.
 */
export class JobBoard {
  readonly #lineup: Lineup;
  /** [0]: the next chunk. */
  readonly #control: Int32Array;
  readonly #seats: readonly Seat[];

  constructor(lineup: Lineup) {
    this.#lineup = lineup;
    this.#control = new Int32Array(lineup.memory, 0, 1);
    let at = controlBytes;
    const take = (length: number): Float64Array => {
      const numbers = new Float64Array(lineup.memory, at, length);
      at += numbers.byteLength;
      return numbers;
    };
    this.#seats = lineup.structures.map(({ atomicNumbers }) => ({
      positions: take(3 * atomicNumbers.length),
      forces: take(3 * atomicNumbers.length),
      rest: take(1 + virialLength),
    }));
  }

  /** Starts a round; nobody may be taking chunks. */
  open(structures: readonly Structure[]): void {
    structures.forEach(({ positions }, i) => this.#seats[i].positions.set(positions));
    Atomics.store(this.#control, 0, 0);
  }

  /** Leaves no chunk to anybody: the round has failed. */
  close(): void {
    Atomics.store(this.#control, 0, this.#lineup.chunks.length);
  }

  /** The next chunk, as positions in the lineup; null when all are taken. */
  take(): readonly number[] | null {
    return this.#lineup.chunks[Atomics.add(this.#control, 0, 1)] ?? null;
  }

  /** Structures with positions in shared memory. */
  read(chunk: readonly number[]): Structure[] {
    return chunk.map((index) => ({ ...this.#lineup.structures[index], positions: this.#seats[index].positions }));
  }

  write(chunk: readonly number[], evaluations: readonly Evaluation[]): void {
    chunk.forEach((index, i) => {
      const { forces, rest } = this.#seats[index];
      const { energy, forces: found, virial } = evaluations[i];
      forces.set(found);
      rest[0] = energy;
      rest.set(virial, 1);
    });
  }

  /** Copies of all results. */
  collect(): Evaluation[] {
    return this.#seats.map(({ forces, rest }) => ({ energy: rest[0], forces: forces.slice(), virial: rest.slice(1) }));
  }
}
