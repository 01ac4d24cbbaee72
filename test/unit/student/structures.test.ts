import { describe, expect, it } from "vitest";
import {
  elementSymbol,
  findAtomicNumber,
} from "../../../native-bench/workloads/student-force-field/structures/elements.ts";
import { readXyz } from "../../../native-bench/workloads/student-force-field/structures/read-xyz.ts";
import {
  createStructures,
  structureSets,
} from "../../../native-bench/workloads/student-force-field/structures/sets.ts";
import { computeStress } from "../../../native-bench/workloads/student-force-field/structures/structure.ts";

describe("structures", () => {
  it("come in the sizes of the benchmark, the large ones periodic", () => {
    const sizes = Object.fromEntries(
      structureSets.map((set) => {
        const [one] = createStructures(set, 1);
        return [set, `${one.atomicNumbers.length}${one.cell === null ? "" : " periodic"}`];
      }),
    );
    expect(sizes).toEqual({
      mix: "3",
      h2o: "3",
      nh3: "4",
      ch4: "5",
      c2h6: "8",
      ethanol: "9",
      c3h8: "11",
      c6h6: "12",
      benzenes: "60",
      c60: "60",
      water24: "24",
      water81: "81",
      water192: "192",
      water375: "375 periodic",
      water648: "648 periodic",
      water1029: "1029 periodic",
    });
    expect(
      createStructures("mix", 7)
        .map(({ name }) => name)
        .join(" "),
    ).toBe("H2O NH3 CH4 C2H6 C3H8 C6H6 H2O");
  });

  it("are the same for the same seed, and no two of a batch are alike", () => {
    const [first, second] = createStructures("h2o", 2);
    expect(createStructures("h2o", 2)[1].positions).toEqual(second.positions);
    expect(first.positions).not.toEqual(second.positions);
  });

  it("know elements by symbol and number", () => {
    expect(["C", "cl", "6", "Fm", "Md", "Q", "0"].map(findAtomicNumber)).toEqual([6, 17, 6, 100, null, null, null]);
    expect(elementSymbol(8)).toBe("O");
  });
});

describe("stress", () => {
  it("is the virial over the volume in GPa, and molecules have none", () => {
    const evaluation = { energy: 0, forces: new Float64Array(3), virial: new Float64Array(9).fill(2) };
    const box = { name: "box", atomicNumbers: Int32Array.of(6), positions: new Float64Array(3), cell: null };
    expect(computeStress(box, evaluation)).toBeNull();
    const cell = Float64Array.of(2, 0, 0, 1, 5, 0, 0, 3, 4);
    expect(computeStress({ ...box, cell }, evaluation)?.[4]).toBeCloseTo((2 / 40) * 160.2177, 4);
  });
});

describe("XYZ files", () => {
  const water = "O 0 0 0.12\nH 0 0.76 -0.48\nH 0 -0.76 -0.48";

  it("are read frame by frame, with blank lines between and any line ends", () => {
    const frames = readXyz("w.xyz", `3\nfirst\n${water}\n\n3\r\nsecond\r\n${water.replaceAll("\n", "\r\n")}\r\n`);
    expect(frames.map(({ name, cell }) => [name, cell])).toEqual([
      ["w.xyz", null],
      ["w.xyz #2", null],
    ]);
    expect([...frames[1].atomicNumbers]).toEqual([8, 1, 1]);
    expect(frames[1].positions[4]).toBe(0.76);
  });

  it("of many frames are read in a pass, without looking through what follows each of them", () => {
    const text = "1\n\nO 0 0 0\n".repeat(50_000);
    expect(readXyz("w.xyz", text)).toHaveLength(50_000);
  });

  it("of the extended kind give the cell and the columns", () => {
    const [frame] = readXyz(
      "w.xyz",
      ' 2\nLattice="4 0 0 0 5 0 1 0 6" Properties=id:I:1:forces:R:3:species:S:1:pos:R:3 pbc="T T T" energy=-1\n1 9 9 9 C 1 2 3\n2 9 9 9 8 4 5 6\n',
    );
    expect([...frame.atomicNumbers]).toEqual([6, 8]);
    expect([...frame.positions]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(frame.cell).toEqual(Float64Array.of(4, 0, 0, 0, 5, 0, 1, 0, 6));
    expect(readXyz("w.xyz", `3\nLattice="4 0 0 0 5 0 1 0 6" pbc="F F F"\n${water}`)[0].cell).toBeNull();
  });

  it("are refused with the line and what was expected there", () => {
    const refuse = (text: string, message: string) => expect(() => readXyz("w.xyz", text)).toThrow(message);
    refuse("", "w.xyz: expected an atom count, found an empty file");
    refuse("water\n", 'w.xyz, line 1: expected an atom count, found "water"');
    refuse(`3\n\n${water}\nO 1 2 3`, 'w.xyz, line 6: expected an atom count, found "O 1 2 3" after 1 whole frame');
    refuse("5\n\nO 0 0 0\n", "w.xyz, line 1: expected 5 atoms, found 1 before the end of the file");
    refuse("0\n\n", "w.xyz, line 1: expected 1 to 1000000 atoms, found 0");
    refuse("1\n\nQq 0 0 0", 'w.xyz, line 3: expected an element up to fermium, found "Qq"');
    refuse("1\n\nO 0 x 0", 'w.xyz, line 3: y of atom 1: expected a number, found "x"');
    refuse("1\n\nO 0 0", 'w.xyz, line 3: expected 4 columns for atom 1 of 1, found "O 0 0"');
    refuse('1\nLattice="1 2 3"\nO 0 0 0', "w.xyz, line 2: expected nine numbers of Lattice, found 3");
    refuse('1\npbc="T T T"\nO 0 0 0', "w.xyz, line 2: expected a Lattice beside pbc, found none");
    refuse(
      '1\nLattice="4 0 0 0 4 0 0 0 4" pbc="T T F"\nO 0 0 0',
      'w.xyz, line 2: expected a box that is periodic along all axes or none, found pbc "T T F"',
    );
    refuse(
      '1\nLattice="0 0 0 0 0 0 0 0 0" pbc="T T T"\nO 0 0 0',
      "w.xyz, line 2: Lattice: expected a cell with a volume, found 0 Å³",
    );
    refuse("1\nProperties=species:S:1:pos:R:2\nO 0 0 0", "expected three columns of pos, found 2");
    refuse("1\nProperties=pos:R:3\n0 0 0", "expected species and pos among Properties");
  });
});
