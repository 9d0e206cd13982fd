import { findingsOf } from "../report/diagnostics.ts";
import type { LabOutcome, LabResult } from "../report/reporters/event.ts";
import type { Clock } from "../std/clock.ts";
import type { LabError } from "../std/errors.ts";
import type { Directories, Environment } from "./environment.ts";
import { type TestedFile, type TestLabOptions, testLab } from "./test-lab.ts";
import { type CheckedFile, checkFiles, type ReadOptions } from "./topology-file.ts";

export interface TestRunOptions extends TestLabOptions {
  /** How many labs may be up at once. */
  readonly jobs: number;
  /** Begins no other lab once one has not passed. */
  readonly bail: boolean;
  /** Only labs whose name or file it matches. */
  readonly filter: RegExp | undefined;
  readonly read: ReadOptions;
}

/** The machine that a run is for; what works on labs is only loaded if there is one. */
export interface TestMachine {
  readonly clock: Clock;
  readonly directories: Directories;
  environment(): Promise<Environment>;
}

/**
 * Tests the labs of many files, several at once, and takes each down. A lab that cannot be judged stops no other.
 *
 * @returns a result for each file that the filter lets through @throws whatever is no {@link LabError}, once no lab is up
 */
export async function runTests(
  files: readonly string[],
  options: TestRunOptions,
  machine: TestMachine,
): Promise<readonly LabResult[]> {
  const { filter } = options;
  const checked = await checkFiles(files, machine.directories, options.read);
  const chosen = checked.filter(
    (each) => filter === undefined || namesOf(each).some((name) => filter.test(name)),
  );
  return await new TestRun(chosen, options, machine).run();
}

function namesOf(checked: CheckedFile): string[] {
  return "plan" in checked ? [checked.file, checked.plan.lab] : [checked.file];
}

/** How many of the machine's processes each of some labs may have that are up at once. */
function shareOf(processes: Environment["processes"], jobs: number): Environment["processes"] {
  return processes === "isolated" ? processes : Math.max(1, Math.floor(processes / jobs));
}

class TestRun {
  readonly #files: readonly CheckedFile[];
  readonly #options: TestRunOptions;
  readonly #machine: TestMachine;
  readonly #results = new Map<CheckedFile, LabResult>();
  readonly #startedAtMs: number;
  readonly #stop = new AbortController();

  constructor(files: readonly CheckedFile[], options: TestRunOptions, machine: TestMachine) {
    this.#files = files;
    const signal = AbortSignal.any([options.signal, this.#stop.signal]);
    this.#options = { ...options, signal };
    this.#machine = machine;
    this.#startedAtMs = machine.clock.now();
  }

  async run(): Promise<readonly LabResult[]> {
    const { emit } = this.#options;
    emit({ type: "plan", labs: this.#files.map((each) => this.#named(each)) });
    const sound = this.#files.flatMap((each) => ("plan" in each ? [each] : []));
    for (const each of this.#files) if ("error" in each) this.#refuse(each);
    for (const { text } of sound.flatMap(({ warnings }) => warnings)) this.#options.read.warn?.(text);
    if (sound.length > 0 && this.#mayBegin) await this.#testAll(sound);
    for (const each of sound.filter((one) => !this.#results.has(one)))
      this.#end(each, this.#unmade(each, "skipped"));
    const results = this.#files.flatMap((each) => this.#results.get(each) ?? []);
    emit({ type: "end", results, durationMs: this.#machine.clock.now() - this.#startedAtMs });
    return results;
  }

  get #mayBegin(): boolean {
    const { bail, signal } = this.#options;
    if (signal.aborted) return false;
    return !bail || [...this.#results.values()].every(({ outcome }) => outcome === "passed");
  }

  /** @throws the first bug that one of the labs met, once no other is up */
  async #testAll(sound: readonly TestedFile[]): Promise<void> {
    // Two labs of one name cannot be up at once.
    const waiting = [...Map.groupBy(sound, ({ plan }) => plan.lab).values()];
    const environment = await this.#machine.environment();
    const jobs = Math.min(this.#options.jobs, waiting.length);
    const processes = shareOf(environment.processes, jobs);
    const workers = Array.from({ length: jobs }, async () => {
      for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
        await this.#testGroup(group, { ...environment, processes });
      }
    });
    for (const worker of workers) worker.catch((bug) => this.#stop.abort(bug));
    await Promise.allSettled(workers);
    await Promise.all(workers);
  }

  async #testGroup(group: readonly TestedFile[], environment: Environment): Promise<void> {
    for (const each of group) {
      if (!this.#mayBegin) return;
      this.#end(each, await testLab(each, this.#options, environment));
    }
  }

  #refuse(each: { readonly file: string; readonly error: LabError }): void {
    this.#options.complain(each.error);
    const findings = findingsOf(each.file, each.error);
    this.#end(each, { ...this.#unmade(each, "invalid"), findings });
  }

  #unmade(each: CheckedFile, outcome: LabOutcome): LabResult {
    const startedAt = new Date(this.#machine.clock.wallTime()).toISOString();
    const nothing = { checks: [], findings: [], report: null, steps: [], kept: false, artifacts: null };
    return { ...this.#named(each), outcome, attempts: 0, failures: 0, startedAt, durationMs: 0, ...nothing };
  }

  #named(each: CheckedFile): { file: string; lab: string | null } {
    return { file: each.file, lab: "plan" in each ? each.plan.lab : null };
  }

  #end(each: CheckedFile, result: LabResult): void {
    this.#results.set(each, result);
    this.#options.emit({ type: "lab", number: this.#results.size, total: this.#files.length, result });
  }
}
