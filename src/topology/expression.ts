/** The numbers that an expression may name: `n`, `n1`, `n2`, …, `i`. */
export type Variables = ReadonlyMap<string, number>;

/** Why a text gives no number. */
export interface ExpressionProblem {
  readonly message: string;
  readonly hint: string;
}

/** Longer ones are a mistake of another kind, and brackets must not nest without end. */
const maxLength = 200;

const operators: ReadonlyMap<string, { precedence: number; apply(a: number, b: number): number }> = new Map([
  ["+", { precedence: 1, apply: (a: number, b: number) => a + b }],
  ["-", { precedence: 1, apply: (a: number, b: number) => a - b }],
  ["*", { precedence: 2, apply: (a: number, b: number) => a * b }],
  ["/", { precedence: 2, apply: (a: number, b: number) => Math.floor(a / b) }],
  ["%", { precedence: 2, apply: (a: number, b: number) => a - b * Math.floor(a / b) }],
]);

const syntaxHint = "whole numbers, n, + - * / % and parentheses make an expression";

/** Whether a text consists of numbers, operators and names such as variables have alone. */
export function looksLikeExpression(text: string): boolean {
  return text.length <= maxLength && /^(?:[\d\s()+*/%-]|\b[A-Za-z]\d*\b)+$/.test(text) && /[\dni]/.test(text);
}

/** The whole number that an expression such as `65000 + n` stands for; `/` rounds down, and `%` has the sign of the divisor. */
export function evaluate(text: string, variables: Variables): number | ExpressionProblem {
  if (text.length > maxLength) {
    return { message: "the expression is too long", hint: `at most ${maxLength} characters` };
  }
  const tokens = Array.from(text.matchAll(/\d+|[A-Za-z_]\w*|\S/g), ([token]) => token);
  const reading: Reading = { tokens: tokens.toReversed(), variables };
  try {
    const value = readSum(reading, 1);
    const rest = reading.tokens.at(-1);
    if (rest !== undefined) throw new Refused(`"${rest}" is not expected here`, syntaxHint);
    return value;
  } catch (error) {
    if (error instanceof Refused) return error.problem;
    throw error;
  }
}

interface Reading {
  /** The next one last. */
  readonly tokens: string[];
  readonly variables: Variables;
}

/** Leaves the recursion; `evaluate` turns it into a value. */
class Refused extends Error {
  readonly problem: ExpressionProblem;

  constructor(message: string, hint: string) {
    super(message);
    this.problem = { message, hint };
  }
}

/** Operators of at least that precedence, from left to right. */
function readSum(reading: Reading, least: number): number {
  let value = readOperand(reading);
  for (;;) {
    const sign = reading.tokens.at(-1) ?? "";
    const operator = operators.get(sign);
    if (operator === undefined || operator.precedence < least) return value;
    reading.tokens.pop();
    const right = readSum(reading, operator.precedence + 1);
    if (right === 0 && (sign === "/" || sign === "%")) {
      throw new Refused("division by zero", "the range may begin with 1 instead of 0");
    }
    value = operator.apply(value, right);
    if (!Number.isSafeInteger(value)) throw new Refused("the number is too large", syntaxHint);
  }
}

function readOperand(reading: Reading): number {
  const token = reading.tokens.pop();
  if (token === undefined) throw new Refused("a number is missing at the end", syntaxHint);
  if (token === "-") return -readOperand(reading);
  if (token === "(") {
    const value = readSum(reading, 1);
    if (reading.tokens.pop() !== ")") throw new Refused('a ")" is missing', syntaxHint);
    return value;
  }
  if (/^\d+$/.test(token)) {
    const value = Number(token);
    if (!Number.isSafeInteger(value)) throw new Refused("the number is too large", syntaxHint);
    return value;
  }
  const value = reading.variables.get(token);
  if (value === undefined) throw unknownName(token, reading.variables);
  return value;
}

function unknownName(token: string, variables: Variables): Refused {
  if (!/^\w/.test(token)) return new Refused(`"${token}" is not expected here`, syntaxHint);
  const known = [...variables.keys()];
  const hint =
    known.length === 0
      ? 'n is the number of a router in a range such as "leaf[1-4]", which this is not'
      : `there are ${known.join(", ")}`;
  return new Refused(`there is no number called ${token}`, hint);
}
