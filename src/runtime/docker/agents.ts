import { Duplex } from "node:stream";
import type { Clock } from "../../std/clock.ts";
import type { PacketFilter } from "../runtime.ts";
import { startAgent } from "./agent-container.ts";
import { AgentLink, type Listener } from "./agent-link.ts";
import type { AgentFrame, AgentOutput, AgentRequest, TappedInterface } from "./agent-protocol.ts";
import type { AgentWork } from "./agent-work.ts";
import type { Engine } from "./engine.ts";
import { RemoteError } from "./errors.ts";

interface AgentsOptions {
  readonly engine: Engine;
  /** The one that has the agent's program. */
  readonly image: string;
  readonly clock: Clock;
}

/** A request that goes on. */
interface Ongoing {
  send(text: string): void;
  end(): void;
}

/**
 * Containers that work on the engine's machine as its root: one for each lab that there is something to do for, gone soon after
 * the last of it.
 *
 * They see all processes of the machine, and through them what is in containers, so that the command needs no rights of its own
 * but that of using the engine, wherever that is.
 */
export class Agents {
  readonly #options: AgentsOptions;
  readonly #links = new Map<string, Promise<AgentLink>>();

  constructor(options: AgentsOptions) {
    this.#options = options;
  }

  /** Has a piece of work done for a lab. @throws {RemoteError} what it threw there @throws {EngineError} */
  async work<Name extends keyof AgentWork>(
    lab: string,
    name: Name,
    ...args: Parameters<AgentWork[Name]>
  ): Promise<Awaited<ReturnType<AgentWork[Name]>>> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const request = await this.#begin(lab, { type: "work", name, args }, (output) => {
      if (output.type === "done") resolve(output.value);
      else reject(errorOf(output));
    });
    try {
      return (await promise) as Awaited<ReturnType<AgentWork[Name]>>;
    } finally {
      request.end();
    }
  }

  /** Calls back for each frame of some interfaces, until the result is disposed of. @throws {RemoteError} if one is not there */
  async tap(
    lab: string,
    { interfaces, filter }: { interfaces: readonly TappedInterface[]; filter: PacketFilter },
    onFrame: (frame: AgentFrame) => void,
  ): Promise<Disposable> {
    const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
    const tap = await this.#begin(lab, { type: "tap", interfaces, filter }, (output) => {
      if (output.type === "frame") onFrame(output);
      else if (output.type === "done") resolve();
      else reject(errorOf(output));
    });
    await listening.catch((error: unknown) => {
      tap.end();
      throw error;
    });
    return { [Symbol.dispose]: () => tap.end() };
  }

  /** A connection to a Unix socket in a container; that nobody listens there is an error of the stream. */
  async connect(lab: string, { pid, path }: { pid: number; path: string }): Promise<Duplex> {
    const stream = new Duplex({
      read: () => {},
      write: (chunk: Uint8Array, _encoding, done) => {
        opened.then(() => {
          connection.send(Buffer.from(chunk).toString());
          done();
        });
      },
      destroy: (error, done) => {
        connection.end();
        done(error);
      },
    });
    const { promise: opened, resolve: open } = Promise.withResolvers<void>();
    const connection = await this.#begin(lab, { type: "connect", pid, path }, (output) => {
      if (output.type === "done") open();
      else if (output.type === "text") stream.push(output.text);
      else if (output.type === "ended" && output.code === undefined) stream.push(null);
      else stream.destroy(errorOf(output));
    });
    return stream;
  }

  async #begin(lab: string, request: AgentRequest, listen: Listener): Promise<Ongoing> {
    const link = await this.#reach(lab);
    const id = link.request(request, listen);
    const end = () => {
      if (request.type !== "work") link.send(id, { type: "end" });
      link.forget(id);
    };
    return { send: (text) => link.send(id, { type: "text", text }), end };
  }

  /** The agent that is at work for a lab, or a new one. */
  #reach(lab: string): Promise<AgentLink> {
    const known = this.#links.get(lab);
    if (known) return known;
    const { engine, image, clock } = this.#options;
    const onEnd = () => {
      if (this.#links.get(lab) === link) this.#links.delete(lab);
    };
    const link = startAgent(engine, { lab, image }).then((stream) => new AgentLink(stream, { clock, onEnd }));
    this.#links.set(lab, link);
    link.catch(onEnd);
    return link;
  }
}

/** What a request has failed with. */
function errorOf(output: AgentOutput): Error {
  if (output.type === "failed") return new RemoteError(output);
  const code = output.type === "ended" ? output.code : undefined;
  return Object.assign(new Error(`an agent told ${code ?? output.type}`), { code });
}
