const symbols =
  "X H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm".split(
    " ",
  );

const numbers: ReadonlyMap<string, number> = new Map(symbols.map((symbol, number) => [symbol, number]));

/** Symbol of an atomic number from 1 to 100. */
export function elementSymbol(atomicNumber: number): string {
  return symbols[atomicNumber] ?? `Z${atomicNumber}`;
}

/** Atomic number of "C", "c" or "6"; null for what is no element up to fermium. */
export function findAtomicNumber(text: string): number | null {
  if (/^\d+$/.test(text)) {
    const number = Number(text);
    return number >= 1 && number < symbols.length ? number : null;
  }
  const number = numbers.get(text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase()) ?? 0;
  return number === 0 ? null : number;
}
