import { type Diagnostic, TopologyError } from "../../src/topology/diagnostic.ts";
import type { Surroundings } from "../../src/topology/include.ts";
import { parseTopology, readTopology } from "../../src/topology/parse.ts";
import type { Topology } from "../../src/topology/topology.ts";

/** The topology that a text describes. */
export function topologyOf(text: string): Topology {
  return parseTopology({ file: "lab.yaml", text });
}

/** The topology that a text describes where something is around it; files by their names. */
export function topologyIn(
  text: string,
  around: { environment?: Surroundings["environment"]; files?: Readonly<Record<string, string>> },
): Topology {
  return readTopology({ file: "lab.yaml", text }, surroundings(around)).topology;
}

/** What a text is warned of, as {@link mistakesIn} has it. */
export function warningsIn(text: string): string[] {
  return readTopology({ file: "lab.yaml", text }, surroundings({})).warnings.map(inOneLine);
}

function surroundings({ environment = {}, files = {} }: Parameters<typeof topologyIn>[1]): Surroundings {
  return {
    environment,
    read: (path) => {
      const text = files[path];
      return text === undefined
        ? { problem: "there is no such file", hint: "there are others" }
        : { file: path, text };
    },
  };
}

/** What is wrong with a text where something is around it, as {@link mistakesIn} has it, with the names of other files. */
export function mistakesAround(text: string, around: Parameters<typeof topologyIn>[1]): string[] {
  const { diagnostics } = errorOf(text, around);
  return diagnostics.map((diagnostic) =>
    diagnostic.file === "lab.yaml" ? inOneLine(diagnostic) : `${diagnostic.file}:${inOneLine(diagnostic)}`,
  );
}

/** The error that a text gives. */
export function errorOf(text: string, around: Parameters<typeof topologyIn>[1] = {}): TopologyError {
  try {
    topologyIn(text, around);
  } catch (error) {
    if (error instanceof TopologyError) return error;
    throw error;
  }
  throw new Error("the text is a topology");
}

/** What is wrong with a text, as `line:column message` and the hint. */
export function mistakesIn(text: string): string[] {
  return errorOf(text).diagnostics.map(inOneLine);
}

function inOneLine({ line, column, message, hint }: Diagnostic): string {
  return hint === undefined ? `${line}:${column} ${message}` : `${line}:${column} ${message} | ${hint}`;
}

/** How long this thread has worked, in milliseconds, whatever else the machine does. */
export function workedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
