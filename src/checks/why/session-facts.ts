import type { SessionConfig } from "../../bgp/config/config.ts";
import type { SessionDetail } from "../../bgp/control/session-detail.ts";
import type { SessionStatus } from "../../bgp/control/status.ts";
import type { Address, RouterId } from "../../net/address.ts";
import type { Asn } from "../../net/asn.ts";
import type { Endpoint } from "../../net/endpoint.ts";
import { formatSessionEnd, type SessionEnd } from "../../net/session-name.ts";

/** All that can be learnt of a session, at both of its ends. */
export interface SessionFacts {
  /** The lab's name, for commands in hints. */
  readonly lab: string;
  /** The end that somebody asks about. */
  readonly near: EndFacts;
  readonly far: EndFacts;
}

/** One end of a session. */
export interface EndFacts extends Endpoint, SessionEnd {
  readonly asn: Asn;
  readonly routerId: RouterId;
  /** What the lab gave the session to begin with; undefined if it has none. */
  readonly config: SessionConfig | undefined;
  /** What the router's namespace shows; undefined if it is gone. */
  readonly machine: MachineFacts | undefined;
  /** What is the matter with its port at the bridge of a shared link: it drops what the interface sends. */
  readonly portDropping: boolean;
  /** How its router's process is. */
  readonly process: "running" | "paused" | "ended";
  /** What its speaker tells; undefined if it does not answer, or has no such session. */
  readonly status: SessionStatus | SessionDetail | undefined;
  /** Why it does not answer, in words; undefined if it does. */
  readonly silence: string | undefined;
}

/** What the kernel shows of a router's namespace. */
export interface MachineFacts {
  readonly interfaces: readonly InterfaceFacts[];
  /** Whether some program accepts connections to port 179. */
  readonly listening: boolean;
  /** Segments that were dropped so far for their TCP-MD5 signature, and for too small a hop limit. */
  readonly drops: { readonly md5: number; readonly hopLimit: number };
  /** The table of IPv6 neighbors of the whole machine; undefined where it cannot be seen. */
  readonly neighborTable?:
    | { readonly entries: number; readonly limit: number; readonly refused: number }
    | undefined;
}

/** An interface, as the kernel shows it. */
export interface InterfaceFacts {
  readonly ifname: string;
  readonly up: boolean;
  readonly running: boolean;
  readonly addresses: readonly { readonly address: Address; readonly tentative: boolean }[];
  /** It drops all that it receives. */
  readonly dropping: boolean;
}

export const endsOf = ({ near, far }: SessionFacts): readonly [EndFacts, EndFacts] => [near, far];

/** `r1:eth0`, or `r1:eth0/fe80::3` on a shared link. */
export const nameOf = (end: SessionEnd): string => formatSessionEnd(end);

/** The interface of an end's session; undefined if there is none. */
export function interfaceOf({ machine, ifname }: EndFacts): InterfaceFacts | undefined {
  return machine?.interfaces.find((each) => each.ifname === ifname);
}

/** Both ends, each with the other one. */
export function pairsOf({ near, far }: SessionFacts): readonly { own: EndFacts; peer: EndFacts }[] {
  return [
    { own: near, peer: far },
    { own: far, peer: near },
  ];
}

/** Whether TCP has done its part. */
export const isConnected = ({ state }: SessionStatus): boolean =>
  state === "OpenSent" || state === "OpenConfirm" || state === "Established";
