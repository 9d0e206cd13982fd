import { pingsOf } from "../../checks/expect/ping-check.ts";
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

/** Begins to send requests along all flows, for each address family that both ends have. */
export function startFlows(asked: Asked, flows: readonly Flow[]): RunningFlows {
  const ending = new AbortController();
  const running = flows.map(async ({ from, to }): Promise<FlowReport> => {
    const pings = pingsOf(asked.plan, { type: "ping", router: from, to, reaches: true });
    const counts = await Promise.all(
      pings.map(async ({ source, target }) => {
        const command = ["ping", "-n", "-i", interval, "-I", source, target] as const;
        const options = { signal: asked.signal, interrupt: ending.signal };
        const sender = { lab: asked.plan.lab, router: from };
        const { stdout } = await asked.environment.runtime.capture(sender, command, options);
        return countLost(stdout);
      }),
    );
    const sum = (key: "sent" | "lost") => counts.reduce((total, count) => total + count[key], 0);
    return { from, to, sent: sum("sent"), lost: sum("lost") };
  });
  // Whoever ends them is told what was wrong.
  for (const flow of running) flow.catch(() => {});
  const end = async () => {
    ending.abort();
    return await Promise.all(running);
  };
  return {
    end,
    [Symbol.asyncDispose]: async () => {
      ending.abort();
      await Promise.allSettled(running);
    },
  };
}

/** What ping(8) tells of its requests; one that was just sent when it was ended counts as answered. */
export function countLost(output: string): { sent: number; lost: number } {
  const [, sent = 0, received = 0] = (
    /(\d+) packets transmitted, (\d+) (?:packets )?received/.exec(output) ?? []
  ).map(Number);
  const last = Number(Array.from(output.matchAll(/icmp_seq=(\d+)/g)).at(-1)?.[1] ?? 0);
  const underWay = last === (sent - 1) % 65_536 ? 1 : 0;
  return { sent, lost: Math.max(0, sent - received - underWay) };
}
