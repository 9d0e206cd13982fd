import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { linesOf } from "../../bgp/control/lines.ts";
import type { Clock } from "../../std/clock.ts";
import { LabError } from "../../std/errors.ts";
import { tapInterfaces } from "../netns/tap.ts";
import type { PacketFilter } from "../runtime.ts";
import { type AgentWork, createAgentWork, netnsOf } from "./agent-work.ts";

/** What an agent is asked for, as one line of JSON. */
export type AgentRequest =
  | { readonly type: "work"; readonly name: keyof AgentWork; readonly args: readonly unknown[] }
  /** Tell of frames until the input ends. */
  | { readonly type: "tap"; readonly interfaces: readonly TappedInterface[]; readonly filter: PacketFilter };

export interface TappedInterface {
  readonly pid: number;
  readonly ifname: string;
}

/** What an agent answers, each as a line of JSON. */
export type AgentAnswer =
  | { readonly type: "done"; readonly value?: unknown }
  | {
      readonly type: "failed";
      readonly code: string;
      readonly message: string;
      readonly hint?: string | undefined;
    }
  /** Of which interface, by its place in the request; the octets in Base64. */
  | { readonly type: "frame"; readonly index: number; readonly sent: boolean; readonly octets: string };

/** Serves one request on the engine's machine, as root among all of its processes. */
export async function serveAgent(
  { input, output }: { input: Readable; output: Writable },
  clock: Clock,
): Promise<void> {
  const answer = (answer: AgentAnswer) => void output.write(`${JSON.stringify(answer)}\n`);
  try {
    for await (const line of linesOf(input.setEncoding("utf8"))) {
      await serve(JSON.parse(line) as AgentRequest, { answer, input, clock });
      return;
    }
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    answer({ type: "failed", code: error.code, message: error.message, hint: error.hint });
  }
}

async function serve(
  request: AgentRequest,
  { answer, input, clock }: { answer: (answer: AgentAnswer) => void; input: Readable; clock: Clock },
): Promise<void> {
  if (request.type === "work") {
    const work = createAgentWork(clock)[request.name] as (...args: readonly unknown[]) => unknown;
    answer({ type: "done", value: await work(...request.args) });
    return;
  }
  const interfaces = request.interfaces.map(({ pid, ifname }) => ({ netns: netnsOf(pid), ifname }));
  using _ = tapInterfaces(
    interfaces,
    ({ index, sent, octets }) =>
      answer({ type: "frame", index, sent, octets: Buffer.from(octets).toString("base64") }),
    request.filter,
  );
  answer({ type: "done" });
  await once(input.resume(), "end");
}
