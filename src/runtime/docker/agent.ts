import type { Readable, Writable } from "node:stream";
import { linesOf } from "../../bgp/control/lines.ts";
import type { Clock } from "../../std/clock.ts";
import { LabError } from "../../std/errors.ts";
import { tapInterfaces } from "../netns/tap.ts";
import type { AgentInput, AgentOutput, AgentRequest, Numbered } from "./agent-protocol.ts";
import { createAgentWork, netnsOf } from "./agent-work.ts";
import { SocketRelay } from "./socket-relay.ts";

/** What goes on until it is ended. */
export interface Ongoing extends Disposable {
  write?(text: string): void;
}

/** How the request that is being served is answered. */
export type Answer = (output: AgentOutput) => void;

/** Serves requests on the engine's machine, as root among all of its processes, until the input ends. */
export async function serveAgent(
  { input, output }: { input: Readable; output: Writable },
  clock: Clock,
): Promise<void> {
  const ongoing = new Map<number, Ongoing>();
  for await (const line of linesOf(input.setEncoding("utf8"))) {
    const { id, ...message } = JSON.parse(line) as Numbered<AgentInput>;
    const answer: Answer = (said) => void output.write(`${JSON.stringify({ ...said, id })}\n`);
    if (message.type === "text") ongoing.get(id)?.write?.(message.text);
    else if (message.type === "end") {
      ongoing.get(id)?.[Symbol.dispose]();
      ongoing.delete(id);
    } else {
      const begun = begin(message, answer, clock);
      if (begun) ongoing.set(id, begun);
    }
  }
  for (const each of ongoing.values()) each[Symbol.dispose]();
}

function begin(request: AgentRequest, answer: Answer, clock: Clock): Ongoing | undefined {
  try {
    switch (request.type) {
      case "work":
        void work(request, answer, clock);
        return undefined;
      case "connect":
        return new SocketRelay(`/proc/${request.pid}/root${request.path}`, answer, clock);
      case "tap":
        return tap(request, answer);
      default:
        return request satisfies never;
    }
  } catch (error) {
    fail(error, answer);
    return undefined;
  }
}

async function work(
  { name, args }: Extract<AgentRequest, { type: "work" }>,
  answer: Answer,
  clock: Clock,
): Promise<void> {
  try {
    const perform = createAgentWork(clock)[name] as (...args: readonly unknown[]) => unknown;
    answer({ type: "done", value: await perform(...args) });
  } catch (error) {
    fail(error, answer);
  }
}

function tap({ interfaces, filter }: Extract<AgentRequest, { type: "tap" }>, answer: Answer): Ongoing {
  const tapped = tapInterfaces(
    interfaces.map(({ pid, ifname }) => ({ netns: netnsOf(pid), ifname })),
    ({ index, sent, octets }) =>
      answer({ type: "frame", index, sent, octets: Buffer.from(octets).toString("base64") }),
    filter,
  );
  answer({ type: "done" });
  return tapped;
}

/** @throws what is a bug, which ends the agent */
function fail(error: unknown, answer: Answer): void {
  if (!(error instanceof LabError)) throw error;
  answer({ type: "failed", code: error.code, message: error.message, hint: error.hint });
}
