import { rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { type Endpoint, formatEndpoint } from "../../net/endpoint.ts";
import type { Effect } from "../config/effect.ts";
import { linesOf } from "./lines.ts";
import { type Answer, type Command, examples, parseRequest, type Request } from "./request.ts";
import type { SessionDetail } from "./session-detail.ts";
import type { Status, StatusEvent } from "./status.ts";

/** Whom the server asks. */
export interface ControlSource {
  status(): Status;
  /** Undefined if there is no such session. */
  session(endpoint: Endpoint): SessionDetail | undefined;
  /** Undefined if there is no such session. */
  execute(command: Command): Outcome | undefined;
}

/** What became of a command; mistakes if it cannot be carried out. */
export type Outcome = { readonly effects: readonly Effect[] } | { readonly mistakes: readonly string[] };

/** A watcher that lets more than this many octets pile up is cut off: it must not eat the speaker's memory. */
const MAX_BACKLOG = 256 * 1024 * 1024;

/**
 * Answers on a Unix socket, in JSON lines, for people (`socat - UNIX:PATH`) and programs alike: to `{"type":"status"}`
 * one `status` event, to `{"type":"watch"}` the same and then an event for each change, to
 * `{"type":"session","router":…,"ifname":…}` one `sessionDetail`, to a command one `done`, to anything else
 * `{"type":"error","message":…}`.
 */
export class ControlServer implements AsyncDisposable {
  readonly #source: ControlSource;
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  readonly #watchers = new Set<Socket>();

  private constructor(source: ControlSource) {
    this.#source = source;
    this.#server = createServer((client) => this.#serve(client));
  }

  /** Takes the place of a socket file that a speaker left behind. */
  static async listen(path: string, source: ControlSource): Promise<ControlServer> {
    rmSync(path, { force: true });
    const control = new ControlServer(source);
    await new Promise<void>((resolve, reject) => {
      control.#server.once("error", reject).listen(path, resolve);
    });
    return control;
  }

  /** Tells all watchers. */
  publish(event: StatusEvent): void {
    if (this.#watchers.size === 0) return;
    const line = `${JSON.stringify(event)}\n`;
    for (const watcher of this.#watchers) {
      if (watcher.writableLength > MAX_BACKLOG) watcher.destroy();
      else watcher.write(line);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #serve(client: Socket): void {
    this.#clients.add(client);
    client.on("error", () => client.destroy());
    client.on("close", () => {
      this.#clients.delete(client);
      this.#watchers.delete(client);
    });
    void this.#converse(client);
  }

  async #converse(client: Socket): Promise<void> {
    try {
      for await (const line of linesOf(client.setEncoding("utf8"))) this.#answer(client, line);
    } catch {
      client.destroy(); // whatever became of its connection is the client's affair
    }
  }

  #answer(client: Socket, line: string): void {
    const request = parseRequest(line);
    const answer = request ? this.#answerTo(request) : error(`say ${examples}`);
    client.write(`${JSON.stringify(answer)}\n`);
    if (request?.type === "watch") this.#watchers.add(client);
  }

  #answerTo(request: Request): Answer {
    switch (request.type) {
      case "status":
      case "watch":
        return { type: "status", ...this.#source.status() };
      case "session": {
        const session = this.#source.session(request);
        return session ? { type: "sessionDetail", session } : unknownSession(request);
      }
      default: {
        const outcome = this.#source.execute(request);
        if (!outcome) return unknownSession(request);
        return "effects" in outcome ? { type: "done", ...outcome } : error(outcome.mistakes.join("; "));
      }
    }
  }
}

const unknownSession = (endpoint: Endpoint): Answer => error(`no session ${formatEndpoint(endpoint)}`);

const error = (message: string): Answer => ({ type: "error", message });
