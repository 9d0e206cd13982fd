import type { Capability, Open } from "../bgp/wire/message.ts";
import type { KindName } from "../topology/topology.ts";
import type { FeatureName } from "./feature.ts";
import { canMeet, otherEnd, type Pair } from "./pair.ts";
import type { Trial } from "./scene.ts";

/** What keeps two from something: what a program cannot do, and how that is known. */
export interface Limit {
  readonly whose: KindName;
  readonly reason: string;
  readonly proof: string;
}

/** What a program cannot do, in the versions of Debian 12. */
interface KnownLimit {
  readonly features: readonly FeatureName[];
  /** Where it is who does what the feature is about, or to whom it is done; both if not there. */
  readonly as?: "from" | "to";
  readonly reason: string;
  /** What it, or who made it, says or shows of that. */
  readonly proof: string;
  /** That its OPEN does not have, which each run sees. */
  readonly lacks?: Capability["type"];
}

const signed = ["md5", "md5-mismatch"] as const;

/** A wish that a topology says of a kind is a mistake where a limit stands here: see `topology/kind-abilities.ts`. */
const limits: Readonly<Record<KindName, readonly KnownLimit[]>> = {
  speaker: [],
  frr: [],
  bird: [
    {
      features: ["collision"],
      reason: "finds no peers by itself, and only accepts those of a `neighbor range`",
      proof: "BIRD 2 User's Guide, protocol bgp, `neighbor range`: dynamic BGP is passive",
    },
  ],
  gobgp: [
    {
      features: signed,
      reason: "puts no key on link-local addresses",
      proof:
        "with `auth-password` its kernel counts the peer's signed segments as unexpected (TcpExtTCPMD5Unexpected)",
    },
    {
      features: ["hold-0"],
      reason: "takes a hold time of 0 for none given",
      proof: "with `hold-time = 0`, `gobgp neighbor` tells a configured hold time of 90",
    },
    {
      features: ["collision"],
      reason: "resolves no collisions: it closes whatever comes in unless it is waiting for that",
      proof: "its log: Closed an accepted connection",
    },
    {
      features: ["route-refresh"],
      as: "from",
      reason: "asks nobody again: it keeps all that it was told, and judges that anew",
      proof: "`gobgp neighbor … softresetin` sends no ROUTE-REFRESH",
    },
    {
      features: ["enhanced-refresh"],
      reason: "does not know it",
      proof: "its OPEN has no capability 70",
      lacks: "enhancedRouteRefresh",
    },
    {
      features: ["extended-messages"],
      reason: "does not know them",
      proof: "its OPEN has no capability 6",
      lacks: "extendedMessage",
    },
  ],
  openbgpd: [
    {
      features: ["ipv4"],
      reason: "knows no IPv6 next hops of IPv4 routes",
      proof: "its OPEN has no capability 5",
      lacks: "extendedNextHop",
    },
    {
      features: ["hold-0"],
      reason: "refuses a hold time of 0",
      proof: "`bgpd -n`: holdtime must be between 3 and 65535",
    },
    {
      features: ["route-refresh", "enhanced-refresh"],
      as: "to",
      reason: "does not answer requests for families that were negotiated, but for others",
      proof:
        "its log: route refresh: AID IPv6 unicast not negotiated (openbgpd-portable issue 46, fixed in rde.c 1.586)",
    },
    {
      features: ["extended-messages"],
      reason: "does not know them",
      proof: "its OPEN has no capability 6",
      lacks: "extendedMessage",
    },
    {
      features: ["graceful-restart"],
      as: "from",
      reason: "asks for no help when it starts again",
      proof: "bgpd.conf(5), `announce restart`: currently only the End-of-RIB marker is supported",
    },
  ],
  exabgp: [
    {
      features: ["collision"],
      reason: "opens no connections to link-local addresses",
      proof: "reactor/network/tcp.py connects without a scope, which is EINVAL",
    },
    {
      features: ["gtsm"],
      reason: "sends a hop limit of 64, whatever `outgoing-ttl` says",
      proof: "the hop limits of its segments, and those that the peer's kernel drops (TcpExtTCPMinTTLDrop)",
    },
    {
      features: ["enhanced-refresh"],
      as: "to",
      reason: "has capability 70 in its OPEN, and marks neither beginning nor end of its answer",
      proof:
        "its answer has UPDATEs alone; rib/outgoing.py puts a ROUTE-REFRESH in the place of prefixes of an UPDATE",
    },
    {
      features: ["graceful-restart"],
      as: "to",
      reason: "keeps no routes: it has no RIB, and forwards nothing",
      proof: "its API tells of no route that is kept when the state is down",
    },
    {
      features: ["shutdown"],
      as: "from",
      reason: "has no words for it",
      proof: "`teardown` of its API takes a subcode alone (reactor/api/command/neighbor.py)",
    },
    {
      features: ["shutdown"],
      as: "to",
      reason: "does not tell what a NOTIFICATION says",
      proof: 'its API tells: can not decode update message of type "3"',
    },
  ],
};

/** The limit that keeps two from something; undefined if there is none. */
export function limitOf({ feature, from }: Trial, pair: Pair): Limit | undefined {
  // Whoever cannot dial cannot collide either.
  const wanted = canMeet(pair) ? feature : "collision";
  const roles = [
    { whose: pair[from], as: "from" },
    { whose: pair[otherEnd[from]], as: "to" },
  ] as const;
  for (const { whose, as } of roles) {
    const limit = limits[whose].find(
      (each) => each.features.includes(wanted) && (each.as === undefined || each.as === as),
    );
    if (limit) return { whose, reason: limit.reason, proof: limit.proof };
  }
  return undefined;
}

/** The limits of a program that an OPEN of its own speaks against. */
export function disproved(whose: KindName, { capabilities }: Open): string[] {
  const has = (type: Capability["type"]) => capabilities.some((capability) => capability.type === type);
  return limits[whose].flatMap(({ lacks }) => (lacks !== undefined && has(lacks) ? [lacks] : []));
}
