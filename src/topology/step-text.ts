import * as v from "valibot";
import { closed } from "../bgp/config/closed.ts";
import { expected, withHint } from "../bgp/config/message.ts";
import { doField } from "./action-text.ts";
import { described, part } from "./described.ts";
import { checkLists } from "./expect-text.ts";
import { durationField, memberField } from "./fields.ts";

const duration = { type: ["number", "string"] };

function wholeNumber(from: number, to: number, what: string) {
  return v.pipe(
    v.number(expected(what)),
    v.check(
      (value) => Number.isInteger(value) && value >= from && value <= to,
      ({ input }) => withHint(`${input} is not ${what}`, `a whole number from ${from} to ${to}`),
    ),
  );
}

const chaos = closed({
  faults: described(wholeNumber(1, 1000, "a number of faults"), {
    meaning: "how many faults, one after another, each of which is healed before the next, 1 to 1000",
    without: "required",
    json: { type: "integer", minimum: 1, maximum: 1000 },
  }),
  seed: part(wholeNumber(0, 0xffff_ffff, "a seed"), {
    meaning: "what the choice of faults follows from: the same seed, the same faults",
    without: "1",
    json: { type: "integer", minimum: 0, maximum: 0xffff_ffff },
  }),
});

const flow = closed({
  from: described(memberField, {
    meaning: "the router or host that sends, or several",
    without: "required",
    json: { type: "string" },
  }),
  to: described(memberField, {
    meaning: "the router or host that answers, or several",
    without: "required",
    json: { type: "string" },
  }),
  lost: part(wholeNumber(0, 0xffff_ffff, "a number of requests"), {
    meaning: "how many requests may be lost at most",
    without: "any number",
    json: { type: "integer", minimum: 0, maximum: 0xffff_ffff },
  }),
});

/** One of the steps of a lab: something that is done to it, and what must be true then. */
export const stepText = v.pipe(
  closed(
    {
      name: part(v.string(expected("a name")), {
        meaning: "what reports call it",
        without: "what it does",
        json: { type: "string" },
      }),
      do: part(doField, {
        meaning: "what is done, all at once: a map of [Actions](#actions), or a list of such maps; or `heal`",
        without: "nothing",
      }),
      chaos: part(chaos, {
        meaning: "instead of `do`, faults of any sort: `{ faults: 20, seed: 7 }`, see [Chaos](#chaos)",
      }),
      expect: part(closed(checkLists), {
        meaning: "what must be true then beside what the model says, as in [Checks](checks.md#in-the-file)",
        without: "nothing",
      }),
      within: part(v.pipe(durationField, v.minValue(1, "a step needs some time")), {
        meaning: "how long that may take",
        without: "that of `expect` in the file",
        json: duration,
      }),
      settle: part(durationField, {
        meaning: "how long nothing may change",
        without: "that of `expect` in the file, or half of `within` if that is less",
        json: duration,
      }),
      for: part(durationField, {
        meaning: "how long all must be so without a break",
        without: "0",
        json: duration,
      }),
      "converges-within": part(v.pipe(durationField, v.minValue(1, "convergence needs some time")), {
        meaning: "how long it may take until the last change; `settle` and `for` come on top",
        without: "`within`",
        json: duration,
      }),
      ping: part(v.array(flow, expected("a list of flows", "write - { from: h1, to: h2 }")), {
        meaning: "who sends whom a request every 10 ms during the step; those without an answer are counted",
        without: "nobody",
      }),
      repeat: part(wholeNumber(1, 1000, "a number of times"), {
        meaning: "how often the step is done, 1 to 1000",
        without: "1",
        json: { type: "integer", minimum: 1, maximum: 1000 },
      }),
    },
    new Map([
      ["timeout", "did you mean within?"],
      ["action", "did you mean do?"],
      ["actions", "did you mean do?"],
    ]),
  ),
  v.check(
    (text) => text.do !== undefined || text.chaos !== undefined || text.expect !== undefined,
    withHint("the step does nothing", "write do, chaos or expect"),
  ),
  v.check(
    (text) => text.chaos === undefined || (text.do === undefined && text.expect === undefined),
    withHint("chaos stands without do and expect", "make another step of what is beside it"),
  ),
);

export type StepText = v.InferOutput<typeof stepText>;
