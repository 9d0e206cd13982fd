import type { PathAttributes } from "../bgp/wire/message.ts";
import type { Prefix } from "../net/prefix.ts";
import type { Router, Topology } from "../topology/topology.ts";
import { prefixesOnLinks } from "./hosts.ts";
import { loopbackAddresses, wholePrefix } from "./loopback.ts";
import type { Origination } from "./relaxation.ts";

/** All prefixes with the places of the routers that originate them, in the order of the file. */
export function originations(topology: Topology): Origination[] {
  const onLinks = prefixesOnLinks(topology);
  const originated = new Map<Prefix, Origin>();
  const add = (prefix: Prefix, router: number, attributes: PathAttributes) => {
    const known = originated.get(prefix);
    if (!known) originated.set(prefix, { origins: [router], attributes });
    else if (!known.origins.includes(router)) known.origins.push(router);
  };
  for (const [index, router] of topology.routers.entries()) {
    for (const prefix of router.originate) add(prefix, index, configured);
    for (const prefix of connected(router, onLinks.get(router.name))) add(prefix, index, redistributed);
  }
  return Array.from(originated, ([prefix, origin]) => ({ prefix, ...origin }));
}

interface Origin {
  readonly origins: number[];
  readonly attributes: PathAttributes;
}

const configured: PathAttributes = { origin: "igp", asPath: [] };
const redistributed: PathAttributes = { origin: "incomplete", asPath: [] };

/** What a router's own addresses bring with them; prefixes of its hosts are originated anyway, and all else on links is link-local. */
function connected(
  { routing: { redistribute }, originate }: Router,
  onLinks: ReadonlySet<Prefix> = new Set(),
): Prefix[] {
  if (!redistribute.includes("connected")) return [];
  return loopbackAddresses(originate.filter((prefix) => !onLinks.has(prefix))).map(wholePrefix);
}
