/** Gives a function that turns local class names of one CSS module into a `className`; falsy names are left out. */
export function classes(
  styles: Readonly<Record<string, string>>,
): (...names: readonly (string | false | null | undefined)[]) => string {
  return (...names) =>
    names
      .filter((name): name is string => typeof name === "string" && name !== "")
      .map((name) => styles[name] ?? name)
      .join(" ");
}
