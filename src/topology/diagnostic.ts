import { LabError } from "../std/errors.ts";
import type { Place } from "./source.ts";

/** One thing wrong with a topology file. */
export interface Diagnostic extends Place {
  /** A warning is of what is allowed, but hardly meant. */
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly hint: string | undefined;
  /** The whole in compiler style: `file:line:column: message`, the source line, a caret, the hint. */
  readonly text: string;
}

/** The file is not a valid topology; reports every mistake in it, in the order of the file. */
export class TopologyError extends LabError {
  readonly code = "TOPOLOGY_INVALID";
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ text }) => text).join("\n\n"));
    this.diagnostics = diagnostics;
  }
}
