import type { Duplex } from "node:stream";
import { linesOf } from "../../bgp/control/lines.ts";
import type { AgentInput, AgentOutput, AgentRequest, Numbered } from "./agent-protocol.ts";
import { readFrames } from "./frames.ts";

/** Gets all that an agent tells of a request; that it has ended too soon is a failure. */
export type Listener = (output: AgentOutput) => void;

/** The standard streams of an agent, over which many requests go at once. */
export class AgentLink implements Disposable {
  readonly #stream: Duplex;
  readonly #listeners = new Map<number, Listener>();
  /** Settles when the agent has ended. */
  readonly ended: Promise<void>;
  #last = 0;

  constructor(stream: Duplex) {
    this.#stream = stream;
    this.ended = this.#read();
  }

  /** How many requests have not come to their end. */
  get open(): number {
    return this.#listeners.size;
  }

  /** Makes a request; its number is for `send` and `forget`. */
  request(request: AgentRequest, listener: Listener): number {
    const id = ++this.#last;
    this.#listeners.set(id, listener);
    this.send(id, request);
    return id;
  }

  send(id: number, message: AgentInput): void {
    this.#stream.write(`${JSON.stringify({ ...message, id })}\n`);
  }

  forget(id: number): void {
    this.#listeners.delete(id);
  }

  /** Lets the agent end. */
  [Symbol.dispose](): void {
    this.#stream.end();
  }

  async #read(): Promise<void> {
    const complaints: string[] = [];
    try {
      for await (const line of linesOf(standardOutput(this.#stream, complaints))) {
        const { id, ...output } = JSON.parse(line) as Numbered<AgentOutput>;
        this.#listeners.get(id)?.(output);
      }
    } catch {} // the connection to the engine is lost
    this.#stream.destroy();
    const message = ["an agent has ended too soon", ...complaints].join(": ").trim();
    for (const listen of this.#listeners.values()) listen({ type: "failed", code: "ENGINE_FAILED", message });
  }
}

async function* standardOutput(stream: Duplex, complaints: string[]): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const { type, octets } of readFrames(stream)) {
    if (type === "stdout") yield decoder.decode(octets, { stream: true });
    else complaints.push(Buffer.from(octets).toString());
  }
}
