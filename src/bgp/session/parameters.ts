import { afi, type Family, type RouterId } from "../../net/address.ts";
import type { Asn } from "../../net/asn.ts";
import type { Capability, Open } from "../wire/message.ts";

/** What one end of a session is configured to be. Times are in seconds. */
export interface SessionParameters {
  readonly asn: Asn;
  readonly routerId: RouterId;
  readonly remoteAs: Asn | "external" | "internal" | "any";
  readonly passive: boolean;
  readonly families: readonly Family[];
  /** 0 (no keepalives) or at least 3. */
  readonly holdTime: number;
  readonly keepaliveTime: number;
  readonly connectRetryTime: number;
  /** How long to stay in Idle after an error; 0 for not at all. */
  readonly idleHoldTime: number;
}

const UNICAST = 1;

/** The OPEN that we send: only what is truly implemented is announced. */
export function ourOpen({ asn, routerId, holdTime, families }: SessionParameters): Open {
  const multiprotocol = families.map(
    (family): Capability => ({ type: "multiprotocol", afi: afi(family), safi: UNICAST }),
  );
  const extendedNextHop: Capability[] = families.includes(4)
    ? [{ type: "extendedNextHop", entries: [{ afi: 1, safi: UNICAST, nextHopAfi: 2 }] }]
    : [];
  const capabilities: Capability[] = [
    ...multiprotocol,
    { type: "routeRefresh" },
    ...extendedNextHop,
    { type: "fourOctetAsn", asn },
  ];
  return { type: "open", asn, holdTime, routerId, capabilities };
}
