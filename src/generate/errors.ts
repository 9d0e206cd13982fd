import { LabError } from "../std/errors.ts";

/** No such graph can be made: a size is out of its range, or does not go with another one. */
export class SizeError extends LabError {
  readonly code = "SIZE_INVALID";
}

/** @throws {SizeError} if it is no whole number in the range */
export function requireSize(
  what: string,
  value: number,
  { least, most }: { least: number; most: number },
): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const verdict = value < least ? "too few" : "too many";
  throw new SizeError(`${value} ${what} are ${verdict}`, { hint: `give ${least} to ${most} ${what}` });
}
