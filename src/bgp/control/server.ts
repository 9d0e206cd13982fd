import { once } from "node:events";
import { rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { formatSessionEnd, type SessionEnd } from "../../net/session-name.ts";
import type { Effect } from "../config/effect.ts";
import { concerns, type Interest, type Interests, together } from "./interest.ts";
import { linesOf } from "./lines.ts";
import { type Answer, type Command, examples, isCommand, parseRequest, type Request } from "./request.ts";
import type { RouteDetail, RouteQuery } from "./route-detail.ts";
import type { SessionDetail } from "./session-detail.ts";
import type { Status, StatusEvent } from "./status.ts";

/** Whom the server asks. */
export interface ControlSource {
  status(query: { interest: Interest; routers: readonly string[] | undefined }): Status;
  /** Undefined if there is no such session. */
  session(end: SessionEnd): SessionDetail | undefined;
  /** Each made when it is asked for, which may be while the router works on; undefined if there is no such router or session. */
  routes(query: RouteQuery): Iterable<RouteDetail> | undefined;
  /** Undefined if there is no such session, or no such router. */
  execute(command: Command): Promise<Outcome | undefined>;
}

/** What became of a command; mistakes if it cannot be carried out. */
export type Outcome = { readonly effects: readonly Effect[] } | { readonly mistakes: readonly string[] };

/** A watcher that lets more than this many octets pile up is cut off: it must not eat the speaker's memory. */
const MAX_BACKLOG = 256 * 1024 * 1024;

/**
 * Answers on a Unix socket, in JSON lines, for people (`socat - UNIX:PATH`) and programs alike: to `{"type":"status"}`
 * one `status` event, to `{"type":"watch"}` the same and then an event for each change, to
 * `{"type":"session","router":…,"session":…}` one `sessionDetail`, to `{"type":"routes","router":…}` as many `routes` as it
 * takes, the last one with `"more":false`, to a command one `done`, to anything else
 * `{"type":"error","message":…}`.
 */
export class ControlServer implements AsyncDisposable {
  readonly #source: ControlSource;
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  readonly #watchers = new Map<Socket, Interest>();
  #interests: Interests | undefined;

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

  /** What those who watch want to hear of; undefined if nobody does. */
  get interests(): Interests | undefined {
    return this.#interests;
  }

  /** Tells each watcher what it wants to hear of. */
  publish(events: readonly StatusEvent[]): void {
    if (this.#watchers.size === 0) return;
    const lines = events.map((event) => `${JSON.stringify(event)}\n`);
    for (const [watcher, interest] of this.#watchers) {
      const wanted = lines.filter((_, index) => isWanted(events[index] as StatusEvent, interest)).join("");
      if (watcher.writableLength > MAX_BACKLOG) watcher.destroy();
      else if (wanted !== "") watcher.write(wanted);
    }
  }

  /** Tells each watcher all that there is now: what is no more has no event of its own. */
  publishAll(): void {
    for (const [watcher, interest] of this.#watchers) {
      const status = this.#source.status({ interest, routers: undefined });
      watcher.write(`${JSON.stringify({ type: "status", ...status })}\n`);
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
      this.#interests = together(this.#watchers.values());
    });
    void this.#converse(client);
  }

  async #converse(client: Socket): Promise<void> {
    try {
      for await (const line of linesOf(client.setEncoding("utf8"))) await this.#answer(client, line);
    } catch {
      client.destroy(); // whatever became of its connection is the client's affair
    }
  }

  async #answer(client: Socket, line: string): Promise<void> {
    const request = parseRequest(line);
    if (request && isCommand(request)) {
      client.write(`${JSON.stringify(await this.#execute(request))}\n`);
      return;
    }
    if (request?.type === "watch") this.#watch(client, interestOf(request));
    for (const answer of request ? this.#answersTo(request) : [error(`say ${examples}`)]) {
      if (client.destroyed) return;
      // Whoever reads slowly waits, not the speaker; between two parts of a long answer, others have their turn.
      if (!client.write(`${JSON.stringify(answer)}\n`)) await writable(client);
    }
  }

  #watch(client: Socket, interest: Interest): void {
    this.#watchers.set(client, interest);
    this.#interests = together(this.#watchers.values());
  }

  #answersTo(request: Exclude<Request, Command>): Iterable<Answer> {
    switch (request.type) {
      case "status":
      case "watch":
        return [{ type: "status", ...this.#source.status(statusQuery(request)) }];
      case "session": {
        const session = this.#source.session(request);
        return [session ? { type: "sessionDetail", session } : unknownPlace(request)];
      }
      case "routes": {
        const routes = this.#source.routes(request);
        return routes ? inParts(routes) : [unknownPlace(request)];
      }
      default:
        return request satisfies never;
    }
  }

  async #execute(command: Command): Promise<Answer> {
    const outcome = await this.#source.execute(command);
    if (!outcome) return unknownPlace(command);
    return "effects" in outcome ? { type: "done", ...outcome } : error(outcome.mistakes.join("; "));
  }
}

type StatusRequest = Extract<Request, { type: "status" | "watch" }>;

const interestOf = ({ routes }: StatusRequest): Interest => (routes ? new Set(routes) : "all");

function statusQuery(request: StatusRequest) {
  const routers = request.type === "status" ? request.routers : undefined;
  return { interest: interestOf(request), routers };
}

/** Sessions are for all who watch. */
function isWanted(event: StatusEvent, interest: Interest): boolean {
  switch (event.type) {
    case "route":
      return concerns(interest, event.route.prefix);
    case "routeGone":
      return concerns(interest, event.prefix);
    case "router":
      return interest !== "all";
    default:
      return true;
  }
}

const writable = (client: Socket) => Promise.race([once(client, "drain"), once(client, "close")]);

/** Routes in one answer. */
const partSize = 500;

function* inParts(routes: Iterable<RouteDetail>): Generator<Answer> {
  let part: RouteDetail[] = [];
  for (const route of routes) {
    if (part.length === partSize) {
      yield { type: "routes", routes: part, more: true };
      part = [];
    }
    part.push(route);
  }
  yield { type: "routes", routes: part, more: false };
}

function unknownPlace({ router, session = null }: { router: string; session?: string | null }): Answer {
  if (session === null) return error(`no router ${router}`);
  return error(`no session ${formatSessionEnd({ router, session })}`);
}

const error = (message: string): Answer => ({ type: "error", message });
