import { readFile } from "node:fs/promises";
import { type ConvergenceTimes, parseTimes } from "../report/convergence-times.ts";
import { messageOf } from "../std/errors.ts";
import { ArgumentError, FileError } from "./errors.ts";

/** The times of an earlier run. @throws {FileError} @throws {ArgumentError} if the file holds something else */
export async function readTimes(file: string): Promise<ConvergenceTimes> {
  const hint = `fe80 test --save ${file} writes it`;
  const text = await readFile(file, "utf8").catch((cause) => {
    throw new FileError(`cannot read ${file}: ${messageOf(cause)}`, { cause, hint });
  });
  const times = parseTimes(text);
  if (times === undefined) throw new ArgumentError(`${file} does not hold convergence times`, { hint });
  return times;
}
