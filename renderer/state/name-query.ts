/** A search that finds the spans of a name and no others. */
export function queryOfName(name: string): string {
  return `/^${name.replaceAll(/[$()*+./?[\\\]^{|}]/g, String.raw`\$&`)}$/`;
}
