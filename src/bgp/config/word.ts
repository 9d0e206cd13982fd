import * as v from "valibot";
import { expected, withHint } from "./message.ts";

/** A number of 32 bits, such as a MED. */
export function wordField(what: string) {
  return wholeField(what, { min: 0, max: 0xffff_ffff });
}

/** A whole number in a range. */
export function wholeField(what: string, { min, max }: { min: number; max: number }) {
  return v.pipe(
    v.number(expected(what)),
    v.check(
      (value) => Number.isInteger(value) && value >= min && value <= max,
      ({ input }) => withHint(`${input} is not ${what}`, `a whole number from ${min} to ${max}`),
    ),
  );
}

/** Whether a number has 32 bits. */
export function isWord(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;
}
