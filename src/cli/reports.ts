import { closeSync, openSync, writeSync } from "node:fs";
import type { TestEvent } from "../report/reporters/event.ts";
import { createReporter, type ReporterName } from "../report/reporters/reporters.ts";
import { UsageError } from "./exit.ts";
import { printedRows } from "./options.ts";
import { outputError } from "./result.ts";

/** What a run is told as, and in which file; standard output without one. */
export interface ReporterChoice {
  readonly name: ReporterName;
  readonly file: string | undefined;
  /** Behind what is there already, instead of over it. */
  readonly append?: boolean;
}

/** Tells a test run to all that the user wants it told to, as it goes. */
export class Reports implements Disposable {
  readonly #reports: { readonly report: (event: TestEvent) => void; readonly close: () => void }[] = [];

  /** @throws {UsageError} if what they say would be mixed up @throws {OutputError} before anything was touched */
  constructor(choices: readonly ReporterChoice[], out: (line: string) => void) {
    // Annotations are found between any other lines.
    const mixed = choices.filter(({ name, file }) => file === undefined && name !== "github");
    if (mixed.length > 1) {
      throw new UsageError(`${mixed.map(({ name }) => name).join(" and ")} cannot both be standard output`, {
        hint: `give one of them a file: --reporter ${mixed[0]?.name}=FILE`,
      });
    }
    for (const choice of choices) this.#reports.push(open(choice, out));
  }

  tell(event: TestEvent): void {
    for (const { report } of this.#reports) report(event);
  }

  [Symbol.dispose](): void {
    for (const { close } of this.#reports) close();
  }
}

function open({ name, file, append }: ReporterChoice, out: (line: string) => void) {
  const reporter = createReporter(name, { rows: printedRows });
  if (file === undefined) {
    return { report: (event: TestEvent) => reporter(event).forEach(out), close: () => {} };
  }
  const write = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      throw outputError(file, cause);
    }
  };
  const descriptor = write(() => openSync(file, append ? "a" : "w"));
  const report = (event: TestEvent) => {
    const text = reporter(event).map((line) => `${line}\n`);
    if (text.length > 0) write(() => writeSync(descriptor, text.join("")));
  };
  return { report, close: () => closeSync(descriptor) };
}
