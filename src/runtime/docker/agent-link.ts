import type { Duplex } from "node:stream";
import { linesOf } from "../../bgp/control/lines.ts";
import type { Clock } from "../../std/clock.ts";
import type { AgentInput, AgentOutput, AgentRequest, Numbered } from "./agent-protocol.ts";
import { readFrames } from "./frames.ts";

/** Gets all that an agent tells of a request; that it has ended too soon is a failure. */
export type Listener = (output: AgentOutput) => void;

/** How long an agent that has nothing to do waits for more. */
const lingerMs = 1000;

/** The standard streams of an agent, over which many requests go at once; it ends when there has been none for a while. */
export class AgentLink {
  readonly #stream: Duplex;
  readonly #clock: Clock;
  readonly #onEnd: () => void;
  readonly #listeners = new Map<number, Listener>();
  #rest: Disposable | undefined;
  #last = 0;

  /** @param onEnd is called once or twice, as soon as no more may be asked of the agent */
  constructor(stream: Duplex, { clock, onEnd }: { clock: Clock; onEnd: () => void }) {
    this.#stream = stream;
    this.#clock = clock;
    this.#onEnd = onEnd;
    void this.#read();
  }

  /** Makes a request; its number is for `send` and `forget`. */
  request(request: AgentRequest, listener: Listener): number {
    this.#rest?.[Symbol.dispose]();
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
    if (this.#listeners.size > 0) return;
    this.#rest = this.#clock.after(lingerMs, () => {
      this.#onEnd();
      this.#stream.end();
    });
  }

  async #read(): Promise<void> {
    const complaints: string[] = [];
    try {
      for await (const line of linesOf(standardOutput(this.#stream, complaints))) {
        const { id, ...output } = JSON.parse(line) as Numbered<AgentOutput>;
        this.#listeners.get(id)?.(output);
      }
    } catch {} // the connection to the engine is lost
    this.#onEnd();
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
