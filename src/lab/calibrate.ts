import { compile } from "../plan/compile.ts";
import type { Plan } from "../plan/plan.ts";
import { runDirectory } from "../runtime/directory.ts";
import { parseTopology } from "../topology/parse.ts";
import type { Directories, Environment } from "./environment.ts";
import { CalibrationError } from "./errors.ts";
import { test } from "./test.ts";

/** How often the lab is brought up; the fastest counts, for nothing makes a machine faster than it is. */
const runs = 5;

/** How long this machine takes for two routers and one link to converge, in milliseconds. @throws {CalibrationError} */
export async function calibrate(
  { signal }: { signal: AbortSignal },
  environment: Environment,
): Promise<number> {
  const plan = calibrationPlan(environment.directories);
  const options = { timeoutMs: undefined, progress: () => {}, signal };
  const times: number[] = [];
  while (times.length < runs) {
    const { report } = await test(plan, options, environment);
    signal.throwIfAborted();
    if (report.convergedAfterMs === null) {
      const hint = "does fe80 test topologies/seed-pair.yaml pass here?";
      throw new CalibrationError("the lab for calibration has not converged", { hint });
    }
    times.push(report.convergedAfterMs);
  }
  return Math.min(...times);
}

/** Two test runs on one machine may calibrate at once. */
function calibrationPlan(directories: Directories): Plan {
  const lab = `calibration-${process.pid}`;
  const text = `name: ${lab}\nrouters:\n  r1: { originate: [10.0.1.0/24] }\n  r2:\nlinks: [r1 -- r2]\n`;
  const paths = { netnsDirectory: directories.netns, runDirectory: runDirectory(lab, directories.run) };
  return compile(parseTopology({ file: "calibration", text }), paths);
}
