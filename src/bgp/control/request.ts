import { type Prefix, parsePrefix } from "../../net/prefix.ts";
import type { SessionEnd } from "../../net/session-name.ts";
import type { Effect } from "../config/effect.ts";
import type { RouteDetail, RouteQuery } from "./route-detail.ts";
import type { SessionDetail } from "./session-detail.ts";
import type { StatusEvent } from "./status.ts";

/** What a client may say: one JSON object a line. */
export type Request =
  /** Tell all that there is now, of all routers unless some are named. */
  | ({ readonly type: "status"; readonly routers?: readonly string[] } & RoutesWanted)
  /** Tell all that there is now, and then each change. */
  | ({ readonly type: "watch" } & RoutesWanted)
  /** Tell all of one session, histories included. */
  | ({ readonly type: "session" } & SessionEnd)
  /** Tell routes, many at a time, in `routes` answers one after another. */
  | ({ readonly type: "routes" } & RouteQuery)
  /** Run a router like this from now on, a `RouterConfig`: one of that name changes no more than it must, else it is a new one. */
  | { readonly type: "reconfigure"; readonly router: string; readonly config: unknown }
  /** End a router, if it is there, with all of its sessions. */
  | { readonly type: "remove"; readonly router: string }
  /** Ask the peer of a session for all of its routes again (RFC 2918). */
  | ({ readonly type: "refresh" } & SessionEnd)
  /** End a session's connections and start it over; the peer is told why (RFC 9003). */
  | ({ readonly type: "reset"; readonly communication: string } & SessionEnd);

interface RoutesWanted {
  /** Prefixes of the best routes to tell one by one, all of them unless given; of the others there is a digest a router. */
  readonly routes?: readonly Prefix[];
}

/** A request to do something to a session. */
export type SessionCommand = Extract<Request, { type: "refresh" | "reset" }>;

/** A request to do something. */
export type Command = Extract<Request, { type: "reconfigure" | "remove" }> | SessionCommand;

const commands: readonly string[] = ["reconfigure", "remove", "refresh", "reset"] satisfies Command["type"][];

export function isCommand(request: Request): request is Command {
  return commands.includes(request.type);
}

/** All that a speaker says. */
export type Answer =
  | StatusEvent
  | { readonly type: "sessionDetail"; readonly session: SessionDetail }
  | { readonly type: "routes"; readonly routes: readonly RouteDetail[]; readonly more: boolean }
  /** A command was carried out; a change, with these effects. */
  | { readonly type: "done"; readonly effects: readonly Effect[] }
  /** The request was none, or cannot be met. */
  | { readonly type: "error"; readonly message: string };

/** All requests in an example each, for whoever says something else. */
export const examples = [
  '{"type":"status"}',
  '{"type":"watch"}',
  '{"type":"watch","routes":[]}',
  '{"type":"session","router":"r1","session":"eth0"}',
  '{"type":"routes","router":"r1","prefix":"10.0.1.0/24"}',
  '{"type":"routes","router":"r1","table":"adjRibIn","session":"eth0"}',
  '{"type":"reconfigure","router":"r1","config":{"name":"r1","asn":64512,"routerId":"0.0.0.1"}}',
  '{"type":"remove","router":"r1"}',
  '{"type":"refresh","router":"r1","session":"eth0"}',
  '{"type":"reset","router":"r1","session":"eth0","communication":"new cables"}',
].join(", ");

/** The request on a line; undefined if it is none. */
export function parseRequest(line: string): Request | undefined {
  try {
    return readRequest(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function readRequest(text: Record<string, unknown>): Request | undefined {
  const { type, router, session, config, communication = "" } = text;
  if (type === "status" || type === "watch") return readStatusRequest(type, text);
  if (typeof router !== "string") return undefined;
  if (type === "reconfigure") return { type, router, config };
  if (type === "remove") return { type, router };
  if (type === "routes") return readRoutesRequest(router, text);
  if (typeof session !== "string") return undefined;
  switch (type) {
    case "session":
    case "refresh":
      return { type, router, session };
    case "reset":
      return typeof communication === "string" ? { type, router, session, communication } : undefined;
    default:
      return undefined;
  }
}

function readStatusRequest(
  type: "status" | "watch",
  { routes, routers }: Record<string, unknown>,
): Request | undefined {
  const isOfTexts = (list: unknown) => Array.isArray(list) && list.every((item) => typeof item === "string");
  if (routers !== undefined && !isOfTexts(routers)) return undefined;
  const named = routers === undefined ? {} : { routers: routers as string[] };
  if (routes === undefined) return { type, ...named };
  if (!isOfTexts(routes)) return undefined;
  const prefixes = (routes as string[]).map((text) => parsePrefix(text));
  const read = prefixes.filter((prefix) => typeof prefix === "string");
  return read.length < prefixes.length ? undefined : { type, routes: read, ...named };
}

function readRoutesRequest(router: string, text: Record<string, unknown>): Request | undefined {
  const { prefix: written = null, table = "locRib", session = null } = text;
  const prefix = written === null ? null : parsePrefix(String(written));
  if (prefix !== null && typeof prefix !== "string") return undefined;
  if (table === "locRib") return { type: "routes", router, prefix, table, session: null };
  if (table !== "adjRibIn" && table !== "adjRibOut") return undefined;
  return typeof session === "string" ? { type: "routes", router, prefix, table, session } : undefined;
}
