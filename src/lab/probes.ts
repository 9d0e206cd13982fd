import type { StatusQuery } from "../bgp/control/client.ts";
import type { Interest } from "../bgp/control/interest.ts";
import type { Status, StatusEvent } from "../bgp/control/status.ts";
import type { Daemon, Probe } from "../kinds/kind.ts";
import { type Clock, pause } from "../std/clock.ts";
import type { Environment } from "./environment.ts";
import { DaemonSilentError } from "./errors.ts";

type Prober = Pick<Environment, "runtime" | "clock" | "control">;

/** Between two rounds of a probe that has to ask again and again; to run a program in a container takes long. */
const pollMs = { machine: 50, netns: 50, container: 250 };

/** How long a daemon may take to answer once; the way into a container is longer. */
const answerMs = { machine: 2000, netns: 2000, container: 10_000 };

/** All that a daemon's probe tells, until the daemon stops answering or the signal aborts. */
export function watchDaemon(
  { place, probe }: Daemon,
  prober: Prober,
  { interest, signal }: { interest: Interest; signal: AbortSignal },
): AsyncIterable<StatusEvent> {
  return probe.type === "control"
    ? prober.control.watch(probe.socket, interest, signal)
    : poll({ place, probe }, prober, signal);
}

/** What a daemon's probe tells now; who is asked again and again tells all. @throws {DaemonSilentError} after two seconds, or the probe's own error */
export function readDaemon(
  daemon: Daemon,
  prober: Prober,
  { signal, ...query }: StatusQuery & { readonly signal: AbortSignal },
): Promise<Status> {
  const { place, probe } = daemon;
  return inTime(daemon, { clock: prober.clock, signal }, (either) =>
    probe.type === "control"
      ? prober.control.read(probe.socket, query, either)
      : pollOnce({ place, probe }, prober, either),
  );
}

/** Waits for an answer of a daemon's. @throws {DaemonSilentError} after two seconds */
export async function inTime<T>(
  { name, place }: Daemon,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limitMs = answerMs[place.type];
  const silence = new AbortController();
  using _ = clock.after(limitMs, () => {
    silence.abort(new DaemonSilentError(`${name} has not answered within ${limitMs} ms`));
  });
  return await ask(AbortSignal.any([signal, silence.signal]));
}

/** Answers of a daemon's that come in parts, none of which may take long. @throws {DaemonSilentError} after two seconds */
export async function* inPartsInTime<T>(
  { name, place }: Daemon,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
  ask: (signal: AbortSignal) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const limitMs = answerMs[place.type];
  const silence = new AbortController();
  const wait = () =>
    clock.after(limitMs, () => {
      silence.abort(new DaemonSilentError(`${name} has not answered within ${limitMs} ms`));
    });
  let timer = wait();
  try {
    for await (const part of ask(AbortSignal.any([signal, silence.signal]))) {
      timer[Symbol.dispose]();
      yield part;
      timer = wait();
    }
  } finally {
    timer[Symbol.dispose]();
  }
}

interface Polled {
  readonly place: Daemon["place"];
  readonly probe: Extract<Probe, { type: "poll" }>;
}

async function* poll(polled: Polled, prober: Prober, signal: AbortSignal): AsyncGenerator<StatusEvent> {
  for (;;) {
    yield { type: "status", ...(await pollOnce(polled, prober, signal)) };
    await pause(prober.clock, pollMs[polled.place.type], signal);
  }
}

async function pollOnce({ place, probe }: Polled, { runtime }: Prober, signal: AbortSignal): Promise<Status> {
  return probe.read(await runtime.run({ place }, probe.commands, { signal }));
}
