import type { Family } from "../net/address.ts";
import type { LinkEnd } from "../topology/topology.ts";

/** The address families that both ends of a link announce, in order. */
export function commonFamilies(near: LinkEnd, far: LinkEnd): Family[] {
  const families: readonly Family[] = [4, 6];
  return families.filter(
    (family) => near.session.families.includes(family) && far.session.families.includes(family),
  );
}
