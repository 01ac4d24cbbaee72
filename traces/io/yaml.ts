import { LineCounter, parseDocument } from "yaml";
import { UserFacingError } from "../model/errors.ts";

const largestChars = 1_000_000;

/** Plain values of a YAML 1.2 text. Throws `UserFacingError` with the line; aliases are refused, for they can grow without bound. */
export function parseYaml(text: string): unknown {
  if (text.length > largestChars)
    throw new UserFacingError(`expected at most ${largestChars} characters of YAML, found ${text.length}`);
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, schema: "core", uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    throw new UserFacingError(`line ${line}, character ${col}: ${error.message}`);
  }
  try {
    return document.toJS({ maxAliasCount: 0 }) as unknown;
  } catch (cause) {
    throw new UserFacingError("aliases (*name) are not supported", { cause });
  }
}
