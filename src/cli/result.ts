import { writeFile } from "node:fs/promises";
import { LabError, messageOf } from "../std/errors.ts";
import type { Cli } from "./cli.ts";

/** The file that a result was to go to cannot be written. */
class OutputError extends LabError {
  readonly code = "FILE_UNWRITABLE";
}

/** Writes a text that is a command's result to a file, over what is there, or to standard output. @throws {OutputError} */
export async function writeResult(
  text: string,
  { file }: { file: string | undefined },
  cli: Cli,
): Promise<void> {
  if (file === undefined) {
    cli.out(text.replace(/\n$/, ""));
    return;
  }
  try {
    await writeFile(file, text);
  } catch (cause) {
    const hint = "name a file in a directory that is there, and that you may write";
    throw new OutputError(`cannot write ${file}: ${messageOf(cause)}`, { cause, hint });
  }
  cli.err(`${file} written`);
}
