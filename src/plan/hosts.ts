import { familyOf } from "../net/address.ts";
import { firstHost, type Prefix, prefixParts } from "../net/prefix.ts";
import type { Container, Host, Topology } from "../topology/topology.ts";
import type { HostPlan, InterfaceAddress } from "./plan.ts";

/** A container of fe80's own image, without limits. */
export const plain: Container = { image: null, memory: null, cpus: null };

/** Every host with its way out. @throws {RangeError} if one is linked with no router */
export function planHosts({ name: lab, routers, hosts }: Topology): HostPlan[] {
  const byName = new Map(routers.map((router) => [router.name, router]));
  return hosts.map(({ name, wire: { ends }, addresses }) => {
    const [own, far] = ends;
    const router = byName.get(far.router);
    if (router === undefined) throw new RangeError(`no router is called ${far.router}`);
    const { linkLocal: gateway, container } = router;
    const families = ([4, 6] as const).filter((family) =>
      addresses.some(({ address }) => familyOf(address) === family),
    );
    const netns = `fe80.${lab}.${name}`;
    return { name, netns, ifname: own.ifname, gateway, families, ...(container && { container: plain }) };
  });
}

/** The addresses of both ends of a host's link: the host's own, and the first of each of their prefixes for its router. */
export function hostLinkAddresses({ addresses }: Host): [InterfaceAddress[], InterfaceAddress[]] {
  const prefixes = [...new Set(addresses.map(({ prefix }) => prefix))];
  return [
    addresses.map(({ address, prefix }) => ({ address, length: prefixParts(prefix).length })),
    prefixes.map((prefix) => ({ address: firstHost(prefix), length: prefixParts(prefix).length })),
  ];
}

/** The prefixes that each router has on links with hosts. */
export function prefixesOnLinks({ hosts }: Topology): Map<string, Set<Prefix>> {
  const byRouter = new Map<string, Set<Prefix>>();
  for (const { wire, addresses } of hosts) {
    const { router } = wire.ends[1];
    const known = byRouter.get(router) ?? new Set();
    for (const { prefix } of addresses) known.add(prefix);
    byRouter.set(router, known);
  }
  return byRouter;
}
