import type { Endpoint } from "../../net/endpoint.ts";
import type { SessionDetail } from "./session-detail.ts";
import type { StatusEvent } from "./status.ts";

/** What a client may say: one JSON object a line. */
export type Request =
  /** Tell all that there is now. */
  | { readonly type: "status" }
  /** Tell all that there is now, and then each change. */
  | { readonly type: "watch" }
  /** Tell all of one session, histories included. */
  | ({ readonly type: "session" } & Endpoint);

/** All that a speaker says. */
export type Answer =
  | StatusEvent
  | { readonly type: "sessionDetail"; readonly session: SessionDetail }
  /** The request was none, or cannot be met. */
  | { readonly type: "error"; readonly message: string };

/** All requests in an example each, for whoever says something else. */
export const examples =
  '{"type":"status"}, {"type":"watch"} or {"type":"session","router":"r1","ifname":"eth0"}';

/** The request on a line; undefined if it is none. */
export function parseRequest(line: string): Request | undefined {
  try {
    const { type, router, ifname } = JSON.parse(line);
    if (type === "status" || type === "watch") return { type };
    const isSession = type === "session" && typeof router === "string" && typeof ifname === "string";
    return isSession ? { type, router, ifname } : undefined;
  } catch {
    return undefined;
  }
}
