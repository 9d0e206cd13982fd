import { removeLab } from "../lab/down.ts";
import type { Environment } from "../lab/environment.ts";
import { readRecord } from "../lab/lab-directory.ts";
import { up } from "../lab/up.ts";
import { compile } from "../plan/compile.ts";
import type { Plan } from "../plan/plan.ts";
import { runDirectory } from "../runtime/directory.ts";
import { parseTopology } from "../topology/parse.ts";
import { Meeting } from "./meeting.ts";
import { meetingOf, type Scene, topologyOf } from "./scene.ts";
import { routerOf } from "./topologies.ts";
import { Wire } from "./wire.ts";

/** A lab that is up, with those who meet in it by the names of their meetings; disposing of it takes it down. */
export interface OpenStage extends AsyncDisposable {
  readonly meetings: ReadonlyMap<string, Meeting>;
}

/** Brings the lab of a scene up, until its routers answer, and listens to all that the two say. @throws {LabError} */
export async function openStage(
  scene: Scene,
  signal: AbortSignal,
  environment: Environment,
): Promise<OpenStage> {
  const plan = planOf(scene, environment);
  const names = [...new Set(scene.trials.map((trial) => meetingOf(scene, trial)))];
  const wires = new Map(names.map((name) => [name, new Wire()]));
  await using undo = new AsyncDisposableStack();
  undo.defer(() => removeLab(plan.lab, { containers: false }, environment.runtime));
  const plumbed = async () => {
    undo.use(await listen(plan, wires, environment));
  };
  const isolate = scene.type === "restarts";
  const options = {
    ifRunning: "replace" as const,
    isolate,
    timeoutMs: undefined,
    progress: () => {},
    signal,
  };
  await up(plan, { ...options, until: "answering", plumbed }, environment);
  signal.throwIfAborted();
  const { daemons } = await readRecord(plan.lab, environment);
  const asked = { plan, daemons, environment, signal };
  const made = undo.move();
  return {
    meetings: new Map(
      [...wires].map(([name, wire]) => [name, new Meeting(name, { pair: scene.pair, wire, asked })]),
    ),
    [Symbol.asyncDispose]: () => made.disposeAsync(),
  };
}

function planOf(scene: Scene, { directories }: Environment): Plan {
  const text = topologyOf(scene);
  const topology = parseTopology({ file: text.name, text: JSON.stringify(text) });
  const paths = { netnsDirectory: directories.netns, runDirectory: runDirectory(text.name, directories.run) };
  return compile(topology, paths);
}

/** What each wire hears is what goes over `eth0` of the first of the two. */
function listen(
  { lab }: Plan,
  wires: ReadonlyMap<string, Wire>,
  { runtime, clock }: Environment,
): Promise<Disposable> {
  const byRouter = new Map([...wires].map(([name, wire]) => [routerOf("a", name), wire]));
  const targets = [...byRouter.keys()].map((router) => ({ lab, router, ifname: "eth0" }));
  return runtime.tap(targets, (frame) => byRouter.get(frame.target.router)?.push(frame, clock.wallTime()));
}
