/** Compiles worst cases in a thread of its own, whose memory can be limited. */
import { parentPort, workerData } from "node:worker_threads";
import { compile } from "../../src/plan/compile.ts";
import { LabError } from "../../src/std/errors.ts";
import { parseTopology } from "../../src/topology/parse.ts";
import { worstTopologies } from "./worst-topologies.ts";

/** What became of a topology. */
export interface Outcome {
  readonly name: string;
  /** Why it was refused; null if it was not. */
  readonly message: string | null;
}

const paths = { netnsDirectory: "/run/netns", runDirectory: "/run/fe80/worst" };

function outcomeOf(text: string): string | null {
  try {
    compile(parseTopology({ file: "worst.yaml", text }), paths);
    return null;
  } catch (error) {
    if (error instanceof LabError) return error.message.split("\n")[0] ?? "";
    throw error;
  }
}

const outcomes = (workerData as readonly string[]).map(
  (name): Outcome => ({ name, message: outcomeOf(worstTopologies.get(name) ?? "") }),
);
parentPort?.postMessage(outcomes);
