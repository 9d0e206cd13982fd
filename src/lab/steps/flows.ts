import { type Ping, pingsOf } from "../../checks/expect/ping-check.ts";
import type { Problem } from "../../checks/problems.ts";
import type { FlowReport } from "../../report/step-report.ts";
import type { Flow } from "../../topology/step.ts";
import type { Asked } from "../why-facts.ts";

/** Seconds between two requests, as ping(8) has it. */
const interval = "0.01";

/** Requests that go on until they are told to end. */
export interface RunningFlows extends AsyncDisposable {
  /** Ends them. @returns how many requests had no answer, of both families together @throws {LabError} if there is no program `ping` */
  end(): Promise<FlowReport[]>;
}

/** Begins to send requests along all flows, for each address family that both ends have. @throws {LabError} as `end` does */
export async function startFlows(asked: Asked, flows: readonly Flow[]): Promise<RunningFlows> {
  const pings = flows.map((flow) => ({
    flow,
    pings: pingsOf(asked.plan, { router: flow.from, to: flow.to }),
  }));
  // The first program of all takes long to start, which would count as the step's time.
  await Promise.all(pings.flatMap(({ flow, pings }) => pings.map((ping) => sendOne(asked, flow, ping))));
  const ending = new AbortController();
  const running = pings.map(async ({ flow, pings }): Promise<FlowReport> => {
    const counts = await Promise.all(pings.map((ping) => sendUntil(ending.signal, { asked, flow, ping })));
    const sum = (key: "sent" | "lost") => counts.reduce((total, count) => total + count[key], 0);
    return { from: flow.from, to: flow.to, sent: sum("sent"), lost: sum("lost") };
  });
  // Whoever ends them is told what was wrong.
  for (const flow of running) flow.catch(() => {});
  return {
    end: async () => {
      ending.abort();
      return await Promise.all(running);
    },
    [Symbol.asyncDispose]: async () => {
      ending.abort();
      await Promise.allSettled(running);
    },
  };
}

async function sendOne(asked: Asked, { from }: Flow, { source, target }: Ping): Promise<void> {
  const { plan, environment, signal } = asked;
  const command = ["ping", "-n", "-q", "-c", "1", "-W", "0.1", "-I", source, target] as const;
  await environment.runtime.capture({ lab: plan.lab, router: from }, command, { signal });
}

async function sendUntil(
  interrupt: AbortSignal,
  { asked, flow, ping }: { asked: Asked; flow: Flow; ping: Ping },
): Promise<{ sent: number; lost: number }> {
  const { plan, environment, signal } = asked;
  const command = ["ping", "-n", "-i", interval, "-I", ping.source, ping.target] as const;
  const sender = { lab: plan.lab, router: flow.from };
  const { stdout } = await environment.runtime.capture(sender, command, { signal, interrupt });
  return countLost(stdout);
}

/** What ping(8) tells of its requests; one that was just sent when it was ended counts as answered. */
export function countLost(output: string): { sent: number; lost: number } {
  const [, sent = 0, received = 0] = (
    /(\d+) packets transmitted, (\d+) (?:packets )?received/.exec(output) ?? []
  ).map(Number);
  const last = Number(Array.from(output.matchAll(/icmp_seq=(\d+)/g)).at(-1)?.[1] ?? 0);
  const underWay = sent > 0 && last === (sent - 1) % 65_536 ? 1 : 0;
  return { sent, lost: Math.max(0, sent - received - underWay) };
}

/** What is wrong with the requests of a flow. @param maxLost so many may have had no answer */
export function flowProblems(
  { from, to, sent, lost }: FlowReport,
  maxLost = Number.POSITIVE_INFINITY,
): Problem[] {
  if (sent === 0) {
    const reason = `${from} could send nothing to ${to}: have both an address of one family?`;
    return [{ type: "lab", reason }];
  }
  if (lost <= maxLost) return [];
  const reason = `${lost} of ${sent} requests from ${from} to ${to} had no answer, and ${maxLost} may have none`;
  return [{ type: "lab", reason }];
}
