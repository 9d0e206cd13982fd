import type { PacketFilter } from "../runtime.ts";
import type { AgentWork } from "./agent-work.ts";

/** What an agent is asked for. */
export type AgentRequest =
  | { readonly type: "work"; readonly name: keyof AgentWork; readonly args: readonly unknown[] }
  /** To tell of frames until this ends. */
  | { readonly type: "tap"; readonly interfaces: readonly TappedInterface[]; readonly filter: PacketFilter }
  /** To pass text to and from a Unix socket in a container, until either end is closed. */
  | { readonly type: "connect"; readonly pid: number; readonly path: string };

export interface TappedInterface {
  readonly pid: number;
  readonly ifname: string;
}

/** What belongs to the request of that number; each is a line of JSON. */
export type Numbered<Message> = Message & { readonly id: number };

/** What an agent is told. */
export type AgentInput =
  | AgentRequest
  | { readonly type: "text"; readonly text: string }
  /** Nobody listens any more. */
  | { readonly type: "end" };

/** What an agent tells. */
export type AgentOutput =
  /** The work is done, the tap listens, the connection is there. */
  | { readonly type: "done"; readonly value?: unknown }
  | {
      readonly type: "failed";
      readonly code: string;
      readonly message: string;
      readonly hint?: string | undefined;
    }
  | AgentFrame
  | { readonly type: "text"; readonly text: string }
  /** Nothing more comes, because of an error of the socket's if there is a code. */
  | { readonly type: "ended"; readonly code?: string | undefined };

/** A frame of an interface, by its place in the request; the octets in Base64. */
export interface AgentFrame {
  readonly type: "frame";
  readonly index: number;
  readonly sent: boolean;
  readonly octets: string;
}
