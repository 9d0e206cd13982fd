import type { Duplex } from "node:stream";
import type { SessionEnd } from "../../net/session-name.ts";
import { LabError } from "../../std/errors.ts";
import type { Effect } from "../config/effect.ts";
import { connectTo } from "./connect.ts";
import type { Interest } from "./interest.ts";
import { linesOf } from "./lines.ts";
import type { Answer, Command, Request } from "./request.ts";
import type { RouteDetail, RouteQuery } from "./route-detail.ts";
import type { SessionDetail } from "./session-detail.ts";
import type { Status, StatusEvent } from "./status.ts";

/** A speaker cannot be asked: it has ended, or never came up, or does not know what it is asked for. */
export class ControlError extends LabError {
  readonly code = "SPEAKER_UNREACHABLE";
}

/** The path of a speaker's control socket on this machine, or a way to one that is elsewhere. */
export type ControlSocket = string | { readonly path: string; connect(): Promise<Duplex> };

/** What a speaker knows now, of all of its routers unless some are named. @throws {ControlError} */
export async function readStatus(
  socket: ControlSocket,
  { interest = "all", routers }: StatusQuery,
  signal: AbortSignal,
): Promise<Status> {
  const request = { type: "status", ...(routers && { routers }), ...routesOf(interest) } as const;
  const answer = await askOnce(socket, request, signal);
  if (answer.type === "status") return answer;
  throw unexpected(socket, answer);
}

/** All that a speaker knows of one session. @throws {ControlError} if it has no such session, too */
export async function readSession(
  socket: ControlSocket,
  { router, session }: SessionEnd,
  signal: AbortSignal,
): Promise<SessionDetail> {
  const answer = await askOnce(socket, { type: "session", router, session }, signal);
  if (answer.type === "sessionDetail") return answer.session;
  throw unexpected(socket, answer);
}

/** Routes of a router, many at a time. @throws {ControlError} if it has no such router or session, too */
export async function* readRoutes(
  socket: ControlSocket,
  query: RouteQuery,
  signal: AbortSignal,
): AsyncGenerator<readonly RouteDetail[]> {
  for await (const answer of ask(socket, { type: "routes", ...query }, signal)) {
    if (answer.type !== "routes") throw unexpected(socket, answer);
    yield answer.routes;
    if (!answer.more) return;
  }
  throw new ControlError(`the speaker at ${pathOf(socket)} ended before it had told all routes`);
}

/** Has something done to a router, or to one of its sessions. @returns what it led to @throws {ControlError} if it cannot be done, too */
export async function command(
  socket: ControlSocket,
  request: Command,
  signal: AbortSignal,
): Promise<readonly Effect[]> {
  const answer = await askOnce(socket, request, signal);
  if (answer.type === "done") return answer.effects;
  throw unexpected(socket, answer);
}

/** First a `status`, then each change, until the speaker ends or the signal aborts. @throws {ControlError} */
export async function* watchStatus(
  socket: ControlSocket,
  interest: Interest,
  signal: AbortSignal,
): AsyncGenerator<StatusEvent> {
  for await (const event of ask(socket, { type: "watch", ...routesOf(interest) }, signal)) {
    if (!isStatusEvent(event)) throw unexpected(socket, event);
    yield event;
  }
}

const statusEvents: readonly string[] = [
  "status",
  "session",
  "router",
  "route",
  "routeGone",
] satisfies StatusEvent["type"][];

function isStatusEvent(answer: Answer): answer is StatusEvent {
  return statusEvents.includes(answer.type);
}

/** What to ask a speaker for. */
export interface StatusQuery {
  /** `"all"` unless given. */
  readonly interest?: Interest;
  readonly routers?: readonly string[];
}

const routesOf = (interest: Interest) => (interest === "all" ? {} : { routes: [...interest] });

async function askOnce(socket: ControlSocket, request: Request, signal: AbortSignal): Promise<Answer> {
  for await (const event of ask(socket, request, signal)) return event;
  throw new ControlError(`the speaker at ${pathOf(socket)} ended before it answered`);
}

function unexpected(socket: ControlSocket, answer: Answer): ControlError {
  const words = answer.type === "error" ? answer.message : `it answered with ${answer.type}`;
  return new ControlError(`the speaker at ${pathOf(socket)} does not tell: ${words}`);
}

async function* ask(socket: ControlSocket, request: Request, signal: AbortSignal): AsyncGenerator<Answer> {
  signal.throwIfAborted();
  let stream: Duplex | undefined;
  const abort = () => stream?.destroy(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    stream = typeof socket === "string" ? connectTo(socket) : await socket.connect();
    stream.setEncoding("utf8");
    stream.write(`${JSON.stringify(request)}\n`);
    if (signal.aborted) abort();
    for await (const line of linesOf(stream)) yield JSON.parse(line);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof LabError) throw cause;
    const { code = "no answer" } = cause as NodeJS.ErrnoException;
    throw new ControlError(`the speaker at ${pathOf(socket)} cannot be asked: ${code}`, { cause });
  } finally {
    signal.removeEventListener("abort", abort);
    stream?.destroy();
  }
}

const pathOf = (socket: ControlSocket) => (typeof socket === "string" ? socket : socket.path);
