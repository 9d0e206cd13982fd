import type { PathAttributes } from "../bgp/wire/message.ts";
import type { Prefix } from "../net/prefix.ts";
import type { Router, Topology } from "../topology/topology.ts";
import { loopbackAddresses, wholePrefix } from "./loopback.ts";
import type { Origination } from "./relaxation.ts";

/** All prefixes with the places of the routers that originate them, in the order of the file. */
export function originations({ routers }: Topology): Origination[] {
  const originated = new Map<Prefix, Origin>();
  const add = (prefix: Prefix, router: number, attributes: PathAttributes) => {
    const known = originated.get(prefix);
    if (!known) originated.set(prefix, { origins: [router], attributes });
    else if (!known.origins.includes(router)) known.origins.push(router);
  };
  for (const [index, router] of routers.entries()) {
    for (const prefix of router.originate) add(prefix, index, configured);
    for (const prefix of connected(router)) add(prefix, index, redistributed);
  }
  return Array.from(originated, ([prefix, origin]) => ({ prefix, ...origin }));
}

interface Origin {
  readonly origins: number[];
  readonly attributes: PathAttributes;
}

const configured: PathAttributes = { origin: "igp", asPath: [] };
const redistributed: PathAttributes = { origin: "incomplete", asPath: [] };

/** What a router's addresses bring with them; those of links are link-local, and so told to nobody. */
function connected({ routing: { redistribute }, originate }: Router): Prefix[] {
  if (!redistribute.includes("connected")) return [];
  return loopbackAddresses(originate).map(wholePrefix);
}
