import type { Capability, Open } from "../bgp/wire/message.ts";
import type { KindName } from "../topology/topology.ts";
import type { FeatureName } from "./feature.ts";
import { otherEnd, type Pair } from "./pair.ts";
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
  /** With whom; all if not there. */
  readonly beside?: KindName;
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
  frr: [
    {
      features: ["graceful-restart"],
      as: "to",
      beside: "bird",
      reason:
        "says for two minutes after its start that it starts again, so that BIRD does not wait for its routes, and loses packets",
      proof: "the R bit in all of its OPENs (RFC 4724 §3, §4.1), and pings that are lost",
    },
    {
      features: ["graceful-restart", "restart"],
      as: "to",
      beside: "exabgp",
      reason: "dials nobody who starts again, but waits for them; and this one dials nobody at all",
      proof: "`NSF passive`: bgp_fsm.c stops its connect timer while it waits for who restarts",
    },
    {
      features: ["route-refresh", "enhanced-refresh"],
      as: "to",
      beside: "exabgp",
      reason:
        "answers no request before its End-of-RIB, which it sends to those alone that restart gracefully",
      proof: "no End-of-RIB and no answer on the link; bgp_packet.c: rcvd route-refresh (REQUEST) before EoR",
    },
  ],
  bird: [],
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
      features: ["collision"],
      reason: "has one connection at a time: one that comes in ends its own attempt, or is closed",
      proof: "its FIN before any message on what comes in beside its own; session_accept() of session.c",
    },
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
      features: ["route-refresh", "enhanced-refresh"],
      as: "to",
      reason: "closes the connection in place of an answer, if both have capability 70",
      proof:
        "its FIN or RST after the request; rib/outgoing.py puts a ROUTE-REFRESH in the place of prefixes of an UPDATE",
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
  const roles = [
    { whose: pair[from], other: pair[otherEnd[from]], as: "from" },
    { whose: pair[otherEnd[from]], other: pair[from], as: "to" },
  ] as const;
  for (const { whose, other, as } of roles) {
    const limit = limits[whose].find(
      (each) => each.features.includes(feature) && (each.as ?? as) === as && (each.beside ?? other) === other,
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
