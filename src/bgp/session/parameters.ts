import { afi, type Family, type RouterId } from "../../net/address.ts";
import type { Asn } from "../../net/asn.ts";
import { type Capability, type Open, type Role, roleNames } from "../wire/message.ts";

/** What one end of a session is configured to be. Times are in seconds. */
export interface SessionParameters {
  readonly asn: Asn;
  readonly routerId: RouterId;
  readonly remoteAs: Asn | "external" | "internal" | "any";
  /** The BGP identifier that the peer must have; null for any. */
  readonly remoteId: RouterId | null;
  readonly passive: boolean;
  readonly families: readonly Family[];
  /** 0 (no keepalives) or at least 3. */
  readonly holdTime: number;
  readonly keepaliveTime: number;
  readonly connectRetryTime: number;
  /** How long to stay in Idle after an error; 0 for not at all. */
  readonly idleHoldTime: number;
  /** How long to wait for the peer's OPEN before ours is sent; 0 for not at all. */
  readonly delayOpenTime: number;
  /** How long the peer may take nothing of what we send (RFC 9687); null for twice the hold time, at least 8 minutes. */
  readonly sendHoldTime: number | null;
  readonly connectRetryJitter: Jitter;
  readonly idleHoldJitter: Jitter;
  readonly dampPeerOscillations: boolean;
  readonly collisionDetectEstablished: boolean;
  readonly role: Role | null;
  readonly strictRole: boolean;
  /** Whether several paths to a prefix are exchanged, if the peer can, too (RFC 7911). */
  readonly addPath: "off" | "receive" | "send" | "both";
  /** What we do when the peer starts again (`helper`), and what we ask of it when we do (`full`, RFC 4724). */
  readonly gracefulRestart: "off" | "helper" | "full";
  /** How long we ask a peer to wait while we start again (RFC 4724 §3), 0 to 4095. */
  readonly restartTime: number;
  /** We have just started again, and found our routes where we had left them (RFC 4724 §4.1). */
  readonly restarting: boolean;
  /** We have forwarded all along, though the session was down. */
  readonly forwarding: boolean;
  /** Our own name, told to the peer. */
  readonly hostname: string;
}

/** A range of factors, of which each start of a timer draws one (RFC 4271 §10). */
export type Jitter = readonly [min: number, max: number];

const UNICAST = 1;

/** The OPEN that we send: only what is truly implemented is announced. */
export function ourOpen(parameters: SessionParameters): Open {
  const { asn, routerId, holdTime, families, hostname } = parameters;
  const multiprotocol = families.map(
    (family): Capability => ({ type: "multiprotocol", afi: afi(family), safi: UNICAST }),
  );
  const extendedNextHop: Capability[] = families.includes(4)
    ? [{ type: "extendedNextHop", entries: [{ afi: 1, safi: UNICAST, nextHopAfi: 2 }] }]
    : [];
  const role = ourRole(parameters);
  const capabilities: Capability[] = [
    ...multiprotocol,
    { type: "routeRefresh" },
    ...extendedNextHop,
    { type: "extendedMessage" },
    ...(role === null ? [] : [{ type: "role", role: roleNames.indexOf(role) } as const]),
    ...ourGracefulRestart(parameters),
    { type: "fourOctetAsn", asn },
    ...ourAddPath(parameters),
    { type: "enhancedRouteRefresh" },
    { type: "fqdn", hostname, domain: "" },
  ];
  return { type: "open", asn, holdTime, routerId, capabilities };
}

/** Without families it says only that we wait for a peer that starts again, and end our tables (RFC 4724 §3). */
function ourGracefulRestart(parameters: SessionParameters): Capability[] {
  const { gracefulRestart, restarting, restartTime, families, forwarding } = parameters;
  if (gracefulRestart === "off") return [];
  const kept = gracefulRestart === "full" ? families : [];
  return [
    {
      type: "gracefulRestart",
      restarting,
      notification: true,
      restartTime: gracefulRestart === "full" ? restartTime : 0,
      families: kept.map((family) => ({ afi: afi(family), safi: UNICAST, forwarding })),
    },
  ];
}

/** What ADD-PATH's numbers stand for (RFC 7911 §4). */
export const addPathModes = { off: 0, receive: 1, send: 2, both: 3 } as const;

function ourAddPath({ addPath, families }: SessionParameters): Capability[] {
  if (addPath === "off") return [];
  const mode = addPathModes[addPath];
  return [
    { type: "addPath", entries: families.map((family) => ({ afi: afi(family), safi: UNICAST, mode })) },
  ];
}

/** What we tell the peer that we are to it; null to say nothing, as inside an AS nobody is anything (RFC 9234 §4.1). */
export function ourRole({ asn, remoteAs, role }: SessionParameters): Role | null {
  return remoteAs === "internal" || remoteAs === asn ? null : role;
}
