import type { Endpoint } from "../../net/endpoint.ts";
import type { Effect } from "../config/effect.ts";
import type { SessionDetail } from "./session-detail.ts";
import type { StatusEvent } from "./status.ts";

/** What a client may say: one JSON object a line. */
export type Request =
  /** Tell all that there is now. */
  | { readonly type: "status" }
  /** Tell all that there is now, and then each change. */
  | { readonly type: "watch" }
  /** Tell all of one session, histories included. */
  | ({ readonly type: "session" } & Endpoint)
  /** Change a session: some fields of `SessionConfig`, with the effect that each needs. */
  | ({ readonly type: "configure"; readonly session: unknown } & Endpoint)
  /** End a session's connections and start it over; the peer is told why (RFC 9003). */
  | ({ readonly type: "reset"; readonly communication: string } & Endpoint)
  /** End a session for good. */
  | ({ readonly type: "remove" } & Endpoint);

/** A request to do something to a session. */
export type Command = Extract<Request, { type: "configure" | "reset" | "remove" }>;

/** All that a speaker says. */
export type Answer =
  | StatusEvent
  | { readonly type: "sessionDetail"; readonly session: SessionDetail }
  /** A command was carried out; a change, with these effects. */
  | { readonly type: "done"; readonly effects: readonly Effect[] }
  /** The request was none, or cannot be met. */
  | { readonly type: "error"; readonly message: string };

/** All requests in an example each, for whoever says something else. */
export const examples = [
  '{"type":"status"}',
  '{"type":"watch"}',
  '{"type":"session","router":"r1","ifname":"eth0"}',
  '{"type":"configure","router":"r1","ifname":"eth0","session":{"passive":true}}',
  '{"type":"reset","router":"r1","ifname":"eth0","communication":"new cables"}',
  '{"type":"remove","router":"r1","ifname":"eth0"}',
].join(", ");

/** The request on a line; undefined if it is none. */
export function parseRequest(line: string): Request | undefined {
  try {
    return readRequest(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function readRequest({ type, router, ifname, session, communication = "" }: Record<string, unknown>) {
  if (type === "status" || type === "watch") return { type } as const;
  if (typeof router !== "string" || typeof ifname !== "string") return undefined;
  switch (type) {
    case "session":
    case "remove":
      return { type, router, ifname } as const;
    case "configure":
      return { type, router, ifname, session } as const;
    case "reset":
      return typeof communication === "string"
        ? ({ type, router, ifname, communication } as const)
        : undefined;
    default:
      return undefined;
  }
}
