/** An expression cannot be read: says what was expected and at which character. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
}

/** Parentheses inside parentheses; deeper ones are refused. */
const deepest = 50;

/**
 * Value of a written calculation: numbers, names of `values`, + − * / ^, parentheses, "min(a, b)", "max(a, b)".
 * Exact in the sense of doubles; throws `ExpressionError`.
 */
export function evaluate(expression: string, values: ReadonlyMap<string, number> = new Map()): number {
  const tokens = tokenize(expression);
  const parser: Parser = { tokens, at: 0, depth: 0, values };
  const result = parseSum(parser);
  const rest = tokens[parser.at];
  if (rest !== undefined)
    throw new ExpressionError(`expected an operator, found "${rest.text}" at character ${rest.at + 1}`);
  return result;
}

interface Token {
  readonly text: string;
  readonly at: number;
}

interface Parser {
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
  readonly values: ReadonlyMap<string, number>;
}

function tokenize(expression: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[A-Za-z_][\w.]*|[-+*/^(),×÷−·])|(\S))/gy;
  for (const match of expression.matchAll(pattern)) {
    const [, text, wrong] = match;
    const at = match.index + match[0].length - (text ?? wrong ?? "").length;
    if (wrong !== undefined)
      throw new ExpressionError(`expected a number or an operator, found "${wrong}" at character ${at + 1}`);
    tokens.push({ text: operators.get(text) ?? text, at });
  }
  return tokens;
}

const operators: ReadonlyMap<string, string> = new Map([
  ["×", "*"],
  ["·", "*"],
  ["÷", "/"],
  ["−", "-"],
]);

function take(parser: Parser, ...wanted: readonly string[]): string | null {
  const token = parser.tokens[parser.at];
  if (token === undefined || !wanted.includes(token.text)) return null;
  parser.at++;
  return token.text;
}

function parseSum(parser: Parser): number {
  if (++parser.depth > deepest) throw new ExpressionError(`more than ${deepest} parentheses inside each other`);
  let value = parseProduct(parser);
  for (let sign = take(parser, "+", "-"); sign !== null; sign = take(parser, "+", "-"))
    value = sign === "+" ? value + parseProduct(parser) : value - parseProduct(parser);
  parser.depth--;
  return value;
}

function parseProduct(parser: Parser): number {
  let value = parsePower(parser);
  for (let sign = take(parser, "*", "/"); sign !== null; sign = take(parser, "*", "/"))
    value = sign === "*" ? value * parsePower(parser) : value / parsePower(parser);
  return value;
}

function parsePower(parser: Parser): number {
  const isNegative = take(parser, "-") !== null;
  const base = parseValue(parser);
  const value = take(parser, "^") === null ? base : base ** parseValue(parser);
  return isNegative ? -value : value;
}

function parseValue(parser: Parser): number {
  const token = parser.tokens[parser.at];
  if (token === undefined) throw new ExpressionError("expected a number, found the end");
  parser.at++;
  if (token.text === "(") {
    const value = parseSum(parser);
    expectToken(parser, ")");
    return value;
  }
  if (token.text === "min" || token.text === "max") {
    expectToken(parser, "(");
    const values = [parseSum(parser)];
    while (take(parser, ",") !== null) values.push(parseSum(parser));
    expectToken(parser, ")");
    return token.text === "min" ? Math.min(...values) : Math.max(...values);
  }
  if (/^\d/.test(token.text)) return Number(token.text);
  const known = parser.values.get(token.text);
  if (known !== undefined) return known;
  throw new ExpressionError(`expected a number, found "${token.text}" at character ${token.at + 1}`);
}

function expectToken(parser: Parser, text: string): void {
  if (take(parser, text) !== null) return;
  const found = parser.tokens[parser.at];
  throw new ExpressionError(
    found === undefined
      ? `expected "${text}", found the end`
      : `expected "${text}", found "${found.text}" at character ${found.at + 1}`,
  );
}
