import fc from "fast-check";
import t from "tap";
import { evaluate, looksLikeExpression } from "../../src/topology/expression.ts";

const variables = new Map([
  ["n", 7],
  ["n1", 7],
  ["n2", 3],
  ["i", 1],
]);

t.test("an expression has the usual precedence, and reads from left to right", async (t) => {
  const cases: Record<string, number> = {
    "65000 + n": 65007,
    "2 + 3 * n": 23,
    "(2 + 3) * n": 35,
    "10 - 3 - 2": 5,
    "n / 2": 3,
    "-n / 2": -4,
    "n % n2": 1,
    "-n % 3": 2,
    "n*n2-i": 20,
    "- - 5": 5,
    "100*n1+n2": 703,
  };
  for (const [text, value] of Object.entries(cases)) t.equal(evaluate(text, variables), value, text);
});

t.test("what is no expression says why", async (t) => {
  const hint = "whole numbers, n, + - * / % and parentheses make an expression";
  const cases: Record<string, { message: string; hint: string }> = {
    "": { message: "a number is missing at the end", hint },
    "1 +": { message: "a number is missing at the end", hint },
    "(1": { message: 'a ")" is missing', hint },
    "1 2": { message: '"2" is not expected here', hint },
    "1.5": { message: '"." is not expected here', hint },
    m: { message: "there is no number called m", hint: "there are n, n1, n2, i" },
    "n / (n - 7)": { message: "division by zero", hint: "the range may begin with 1 instead of 0" },
    "9007199254740991 + 1": { message: "the number is too large", hint },
  };
  for (const [text, problem] of Object.entries(cases)) t.strictSame(evaluate(text, variables), problem, text);
  t.match(evaluate("n", new Map()), { hint: /which this is not/ });
  t.match(evaluate(`${"(".repeat(300)}1`, variables), { message: "the expression is too long" });
});

t.test("any text gives a number or a problem, and sums agree with JavaScript", async () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."0123456789n i()+-*/%x.".split("")) }), (text) => {
      const result = evaluate(text, variables);
      return typeof result === "number" ? Number.isSafeInteger(result) : result.hint !== "";
    }),
  );
  const small = fc.integer({ min: 0, max: 999 });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom("+", "-", "*"), small), { maxLength: 5 }), (parts) => {
      const text = `1${parts.map(([operator, value]) => ` ${operator} ${value}`).join("")}`;
      return evaluate(text, variables) === new Function(`return ${text}`)();
    }),
  );
});

t.test("a text in a number's place is an expression only if nothing else is in it", async (t) => {
  for (const text of ["n", "65000 + n", "65000 + m", "(n1)*2", "65000"])
    t.ok(looksLikeExpression(text), text);
  for (const text of ["AS1", "m", "10s", "external", "10.0.0.1", "", "+", "nn"])
    t.notOk(looksLikeExpression(text), text);
});
