import { rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { linesOf } from "./lines.ts";
import type { Status, StatusEvent } from "./status.ts";

/** What a client may say: one JSON object a line. */
export type Request = { readonly type: "status" } | { readonly type: "watch" };

/** A watcher that lets more than this many octets pile up is cut off: it must not eat the speaker's memory. */
const MAX_BACKLOG = 256 * 1024 * 1024;

/**
 * Answers on a Unix socket, in JSON lines, for people (`socat - UNIX:PATH`) and programs alike: to `{"type":"status"}`
 * one `status` event, to `{"type":"watch"}` the same and then an event for each change, to anything else
 * `{"type":"error","message":…}`.
 */
export class ControlServer implements AsyncDisposable {
  readonly #status: () => Status;
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  readonly #watchers = new Set<Socket>();

  private constructor(status: () => Status) {
    this.#status = status;
    this.#server = createServer((client) => this.#serve(client));
  }

  /** Takes the place of a socket file that a speaker left behind. */
  static async listen(path: string, status: () => Status): Promise<ControlServer> {
    rmSync(path, { force: true });
    const control = new ControlServer(status);
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
    const type = requestType(line);
    if (type === undefined) {
      const message = 'say {"type":"status"} or {"type":"watch"}';
      client.write(`${JSON.stringify({ type: "error", message })}\n`);
      return;
    }
    client.write(`${JSON.stringify({ type: "status", ...this.#status() } satisfies StatusEvent)}\n`);
    if (type === "watch") this.#watchers.add(client);
  }
}

function requestType(line: string): Request["type"] | undefined {
  try {
    const { type } = JSON.parse(line);
    return type === "status" || type === "watch" ? type : undefined;
  } catch {
    return undefined;
  }
}
