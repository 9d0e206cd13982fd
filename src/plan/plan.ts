import type { RouterConfig } from "../bgp/config/config.ts";
import type { Address, Family } from "../net/address.ts";
import type { Asn } from "../net/asn.ts";
import type { Endpoint } from "../net/endpoint.ts";
import type { Prefix } from "../net/prefix.ts";
import type { Check } from "../topology/expect.ts";
import type { Place } from "../topology/source.ts";
import type { Conditions, Container, KindName } from "../topology/topology.ts";

/** All that a topology compiles to; `up` does exactly this and nothing else. Plain data: JSON and back is the same. */
export interface Plan {
  readonly lab: string;
  readonly nodes: readonly NodePlan[];
  readonly hosts: readonly HostPlan[];
  /** Those between two routers, then those of hosts. */
  readonly links: readonly LinkPlan[];
  /** Those that three or more routers share. */
  readonly segments: readonly SegmentPlan[];
  readonly expectation: Expectation;
  /** Where the file has each router and host, `r1`, and each end of a link, `r1:eth0`. */
  readonly places: Readonly<Record<string, Place>>;
  /** Each router has a process of its own, for steps do something to processes; not there otherwise. */
  readonly isolated?: true;
}

export interface NodePlan {
  readonly name: string;
  readonly kind: KindName;
  /** Name of its network namespace, or of its container: `fe80.LAB.ROUTER`. No name holds a dot, so it reads back. */
  readonly netns: string;
  /** Addresses of `lo`: one inside each prefix that the router originates, if no link has it, with the whole length (/32 or /128). */
  readonly loopback: readonly Address[];
  readonly router: RouterConfig;
  /** Added to the configuration of a program that is not ours; not there if there is nothing to add. */
  readonly config?: string;
  /** Not there if the namespace is one of this machine's. */
  readonly container?: Container;
}

/** A namespace without BGP, which sends all that it knows no better way for to its router. */
export interface HostPlan {
  readonly name: string;
  /** Name of its network namespace, as a router's. */
  readonly netns: string;
  /** Its only interface. */
  readonly ifname: string;
  /** The link-local address of its router. */
  readonly gateway: Address;
  /** Those in which it has an address, and so a default route. */
  readonly families: readonly Family[];
  /** Not there if the namespace is one of this machine's. */
  readonly container?: Container;
}

/** A veth pair. */
export interface LinkPlan {
  readonly ends: readonly [LinkEndPlan, LinkEndPlan];
  readonly mtu: number;
  /** What befalls the packets that each end sends; not there for a plain link. */
  readonly conditions?: Conditions;
}

/** A bridge in a namespace of the lab's own, with a veth pair from each of its ports to a router. */
export interface SegmentPlan {
  /** Name of that namespace, one for all of them: `fe80.LAB._lan`. No router's name begins with `_`. */
  readonly netns: string;
  /** The namespace is a container's where all routers are in containers. */
  readonly container?: Container;
  /** Of the bridge in it, e.g. `lan1`. */
  readonly bridge: string;
  readonly ends: readonly SegmentEndPlan[];
  readonly mtu: number;
  /** What befalls the packets that each end sends; not there for a plain link. */
  readonly conditions?: Conditions;
}

export interface LinkEndPlan extends Endpoint {
  readonly ifindex: number | undefined;
  /** `02:fe:80:…` unless the file gives one; different on every interface of the lab. */
  readonly mac: string;
  /** Those of its numbers that the file gives; the others stay as they are while the lab changes. Not there if it gives none. */
  readonly given?: readonly GivenNumber[];
  /** Assigned with /64 and without duplicate address detection. */
  readonly linkLocal: Address;
  /** Beside the link-local one; not there on a link between routers. */
  readonly addresses?: readonly InterfaceAddress[];
}

/** One end of a shared link. */
export interface SegmentEndPlan extends LinkEndPlan {
  /** The port of the bridge that it is plugged into, e.g. `lan1-0`, and its number in the bridges' namespace. */
  readonly port: { readonly ifname: string; readonly ifindex: number };
}

export type GivenNumber = "ifindex" | "mac";

export interface InterfaceAddress {
  readonly address: Address;
  /** Bits of the prefix that is on the link. */
  readonly length: number;
}

/** What must be true of the lab once it has converged, computed from the topology alone. */
export interface Expectation {
  /** Both ends of every link on which a session must come up. */
  readonly sessions: readonly ExpectedSession[];
  /** Every prefix at every router that BGP's rules bring it to, the originating router included. */
  readonly routes: readonly ExpectedRoute[];
  /** Whether any other routes may be there, too. */
  readonly areRoutesOpen?: boolean;
  /** Routers that need not answer, and of which nothing is expected. */
  readonly away?: readonly string[];
  readonly withinMs: number;
  readonly settleMs: number;
  /** How long all must be as expected without a break. */
  readonly forMs?: number;
  /** How long it may take until the last change. */
  readonly convergesWithinMs?: number;
  /** Prefixes to which any route may be there, or none: somebody announces or withdraws them by hand. */
  readonly openPrefixes?: readonly Prefix[];
  /** What else must be true. */
  readonly checks?: readonly Check[];
}

export type { Check, Container, Place };

export interface ExpectedSession extends Endpoint {
  /** Its name: the interface's, or on a shared link with the peer's address, as in `eth0/fe80::3`. */
  readonly session: string;
  readonly peer: Endpoint;
  readonly peerAsn: Asn;
  /** Those that both ends announce. */
  readonly families: readonly Family[];
}

export interface ExpectedRoute {
  readonly router: string;
  readonly prefix: Prefix;
  /** Interface of the best route's next hop, with its address on a shared link (`eth0/fe80::3`); null where the router originates the prefix. */
  readonly via: string | null;
  /** The same of the other routes that are used with it (multipath), in order of preference; not there without any. */
  readonly also?: readonly string[];
  /** The best route drops packets (RFC 7999). */
  readonly drops?: boolean;
}
