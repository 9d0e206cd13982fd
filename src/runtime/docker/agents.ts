import type { Duplex } from "node:stream";
import { linesOf } from "../../bgp/control/lines.ts";
import type { PacketFilter } from "../runtime.ts";
import type { AgentAnswer, AgentRequest, TappedInterface } from "./agent.ts";
import type { AgentWork } from "./agent-work.ts";
import { agentLabel, type Engine, Label } from "./engine.ts";
import { EngineError, RemoteError } from "./errors.ts";
import { readFrames } from "./frames.ts";

/** Where our programs are in the image. */
export const agentProgram = "/opt/fe80/dist/bin/fe80-agent.js";

const capabilities = [
  // Interfaces, addresses, queues.
  "NET_ADMIN",
  // Frames of interfaces.
  "NET_RAW",
  // Other namespaces, and settings of the kernel in them.
  "SYS_ADMIN",
  // Whose processes are marked as a daemon's, and in which namespaces they are.
  "SYS_PTRACE",
  "DAC_READ_SEARCH",
  "KILL",
];

/** A frame that an agent has seen. */
type AgentFrame = Omit<Extract<AgentAnswer, { type: "frame" }>, "type">;

/**
 * Containers that work on the engine's machine as its root, each for one request, and are gone then.
 *
 * They see all of its processes, and through them the namespaces of containers, so that the command needs no rights of its own
 * but that of using the engine, wherever that is.
 */
export class Agents {
  readonly #engine: Engine;
  readonly #image: string;

  constructor(engine: Engine, image: string) {
    this.#engine = engine;
    this.#image = image;
  }

  /** Has a piece of work done for a lab. @throws {RemoteError} what it threw there @throws {EngineError} */
  async work<Name extends keyof AgentWork>(
    lab: string,
    name: Name,
    ...args: Parameters<AgentWork[Name]>
  ): Promise<Awaited<ReturnType<AgentWork[Name]>>> {
    const stream = await this.#start(lab);
    try {
      for await (const answer of ask(stream, { type: "work", name, args })) {
        if (answer.type === "done") return answer.value as Awaited<ReturnType<AgentWork[Name]>>;
      }
    } finally {
      stream.destroy();
    }
    throw new EngineError(`an agent did not come to its end with ${name}`, "no answer");
  }

  /** Calls back for each frame of some interfaces, until the result is disposed of. @throws {RemoteError} if one is not there */
  async tap(
    lab: string,
    { interfaces, filter }: { interfaces: readonly TappedInterface[]; filter: PacketFilter },
    onFrame: (frame: AgentFrame) => void,
  ): Promise<Disposable> {
    const stream = await this.#start(lab);
    const answers = ask(stream, { type: "tap", interfaces, filter });
    const { value: first } = await answers.next();
    if (first?.type !== "done") throw new EngineError("an agent did not begin to listen", "no answer");
    void listen(answers, onFrame);
    return { [Symbol.dispose]: () => void stream.end() };
  }

  async #start(lab: string): Promise<Duplex> {
    return await this.#engine.work("start an agent", async (docker) => {
      const container = await docker.createContainer({
        Image: this.#image,
        Entrypoint: ["node", agentProgram],
        Cmd: [],
        User: "0",
        Healthcheck: { Test: ["NONE"] },
        OpenStdin: true,
        StdinOnce: true,
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
        Labels: { [Label.lab]: lab, [Label.router]: agentLabel },
        HostConfig: {
          AutoRemove: true,
          PidMode: "host",
          NetworkMode: "host",
          CapDrop: ["ALL"],
          CapAdd: capabilities,
          SecurityOpt: ["seccomp=unconfined", "apparmor=unconfined", "label=disable"],
          // A router forwards, and takes its addresses from nobody: that is set below /proc/sys.
          ReadonlyPaths: [],
          MaskedPaths: [],
        },
      });
      const attached = { stream: true, hijack: true, stdin: true, stdout: true, stderr: true };
      const stream = await container.attach(attached);
      // It is told by the end of what can be read.
      stream.on("error", () => {});
      await container.start();
      return stream;
    });
  }
}

/** @throws {RemoteError} what the work threw @throws {EngineError} if the agent failed in a way of its own */
async function* ask(stream: Duplex, request: AgentRequest): AsyncGenerator<AgentAnswer> {
  stream.write(`${JSON.stringify(request)}\n`);
  const complaints: string[] = [];
  for await (const line of linesOf(standardOutput(stream, complaints))) {
    const answer = JSON.parse(line) as AgentAnswer;
    if (answer.type === "failed") throw new RemoteError(answer);
    yield answer;
  }
  if (complaints.length > 0) throw new EngineError("an agent failed", complaints.join(""));
}

async function* standardOutput(stream: Duplex, complaints: string[]): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const { type, octets } of readFrames(stream)) {
    if (type === "stdout") yield decoder.decode(octets, { stream: true });
    else complaints.push(Buffer.from(octets).toString());
  }
}

/** The tap is over with the connection, however that ends. */
async function listen(answers: AsyncIterable<AgentAnswer>, onFrame: (frame: AgentFrame) => void) {
  try {
    for await (const answer of answers) if (answer.type === "frame") onFrame(answer);
  } catch {}
}
