import type { StepReport } from "../../report/step-report.ts";
import type { Environment } from "../environment.ts";
import { readRecord } from "../lab-directory.ts";
import { lockLab } from "../lock.ts";
import { readTopologyFile } from "../topology-file.ts";
import { eachStep } from "./each-step.ts";
import { SteppedLab } from "./stepped-lab.ts";

/** Takes steps of a lab that somebody else has brought up, a few at a time. */
export class Stepper implements AsyncDisposable {
  readonly #target: { readonly lab: string; readonly file: string };
  readonly #environment: Environment;
  readonly #signal: AbortSignal;
  #lab: SteppedLab | undefined;
  /** All steps so far that were not those of the file: settings add up. */
  readonly #taken: unknown[] = [];

  constructor(
    target: { lab: string; file: string },
    { signal, environment }: { signal: AbortSignal; environment: Environment },
  ) {
    this.#target = target;
    this.#environment = environment;
    this.#signal = signal;
  }

  /** Whether anything may have been done to the lab. */
  get hasBegun(): boolean {
    return this.#lab !== undefined;
  }

  /** Takes steps, up to the first that does not pass. @param words those of the file unless given @throws {LabError} if one is wrong */
  async *take(words: readonly unknown[] | undefined): AsyncGenerator<StepReport> {
    const { lab: name, file } = this.#target;
    const before = words === undefined ? 0 : this.#taken.length;
    const steps = words && [...this.#taken, ...words];
    const { topology } = await readTopologyFile(file, { steps });
    using _ = lockLab({ lab: name, command: "step" }, this.#environment.directories);
    const { plan, daemons, processes } = await readRecord(name, this.#environment);
    const environment = { ...this.#environment, processes };
    const asked = { plan, daemons, environment, signal: this.#signal };
    this.#lab ??= new SteppedLab(topology, asked);
    this.#taken.push(...(words ?? []));
    for (const step of eachStep({ ...topology, steps: topology.steps.slice(before) })) {
      const report = await this.#lab.take(step);
      yield report;
      if (!report.passed) return;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lab?.[Symbol.asyncDispose]();
    this.#lab = undefined;
  }
}
