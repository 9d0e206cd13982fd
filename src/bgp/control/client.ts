import { connect } from "node:net";
import type { SessionEnd } from "../../net/session-name.ts";
import { LabError } from "../../std/errors.ts";
import type { Effect } from "../config/effect.ts";
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

/** What a speaker knows now, of all of its routers unless some are named. @throws {ControlError} */
export async function readStatus(
  path: string,
  { interest = "all", routers }: StatusQuery,
  signal: AbortSignal,
): Promise<Status> {
  const request = { type: "status", ...(routers && { routers }), ...routesOf(interest) } as const;
  const answer = await askOnce(path, request, signal);
  if (answer.type === "status") return answer;
  throw unexpected(path, answer);
}

/** All that a speaker knows of one session. @throws {ControlError} if it has no such session, too */
export async function readSession(
  path: string,
  { router, session }: SessionEnd,
  signal: AbortSignal,
): Promise<SessionDetail> {
  const answer = await askOnce(path, { type: "session", router, session }, signal);
  if (answer.type === "sessionDetail") return answer.session;
  throw unexpected(path, answer);
}

/** Routes of a router, many at a time. @throws {ControlError} if it has no such router or session, too */
export async function* readRoutes(
  path: string,
  query: RouteQuery,
  signal: AbortSignal,
): AsyncGenerator<readonly RouteDetail[]> {
  for await (const answer of ask(path, { type: "routes", ...query }, signal)) {
    if (answer.type !== "routes") throw unexpected(path, answer);
    yield answer.routes;
    if (!answer.more) return;
  }
  throw new ControlError(`the speaker at ${path} ended before it had told all routes`);
}

/** Has something done to a session, or to a router's policies. @returns what it led to @throws {ControlError} if it cannot be done, too */
export async function command(
  path: string,
  request: Command,
  signal: AbortSignal,
): Promise<readonly Effect[]> {
  const answer = await askOnce(path, request, signal);
  if (answer.type === "done") return answer.effects;
  throw unexpected(path, answer);
}

/** First a `status`, then each change, until the speaker ends or the signal aborts. @throws {ControlError} */
export async function* watchStatus(
  path: string,
  interest: Interest,
  signal: AbortSignal,
): AsyncGenerator<StatusEvent> {
  for await (const event of ask(path, { type: "watch", ...routesOf(interest) }, signal)) {
    if (!isStatusEvent(event)) throw unexpected(path, event);
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

async function askOnce(path: string, request: Request, signal: AbortSignal): Promise<Answer> {
  for await (const event of ask(path, request, signal)) return event;
  throw new ControlError(`the speaker at ${path} ended before it answered`);
}

function unexpected(path: string, answer: Answer): ControlError {
  const words = answer.type === "error" ? answer.message : `it answered with ${answer.type}`;
  return new ControlError(`the speaker at ${path} does not tell: ${words}`);
}

async function* ask(path: string, request: Request, signal: AbortSignal): AsyncGenerator<Answer> {
  signal.throwIfAborted();
  const socket = connect(path).setEncoding("utf8");
  const abort = () => socket.destroy(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    socket.write(`${JSON.stringify(request)}\n`);
    for await (const line of linesOf(socket)) yield JSON.parse(line);
  } catch (cause) {
    signal.throwIfAborted();
    const { code = "no answer" } = cause as NodeJS.ErrnoException;
    throw new ControlError(`the speaker at ${path} cannot be asked: ${code}`, { cause });
  } finally {
    signal.removeEventListener("abort", abort);
    socket.destroy();
  }
}
