import { routeAttributes } from "../bgp/control/route-detail.ts";
import { evaluate } from "../bgp/policy/evaluate.ts";
import type { Policy } from "../bgp/policy/policy.ts";
import type { NextHop } from "../bgp/wire/message.ts";
import type { Address } from "../net/address.ts";
import type { Asn } from "../net/asn.ts";
import { endPolicies } from "../plan/policies.ts";
import type { Judged } from "../report/policy-lines.ts";
import type { Topology } from "../topology/topology.ts";
import { PolicyUnknownError, RouterUnknownError } from "./errors.ts";
import { type RouteText, readRoute } from "./route-text.ts";
import { readTopologyFile } from "./topology-file.ts";

/**
 * Judges a route by a policy of a topology file, without any lab.
 *
 * @param target a policy's name; or that of rules which stand at a session, such as `eth0 import`, of `router`. `router` also
 * says whose AS prepends; the first one unless given
 * @throws {PolicyUnknownError} {@link RouterUnknownError} {@link ArgumentError} and what is wrong with the file
 */
export async function testPolicy(
  target: { file: string; policy: string; router: string | undefined },
  text: RouteText,
): Promise<Judged> {
  const route = readRoute(text);
  const { topology } = await readTopologyFile(target.file);
  const { asn, policies } = policiesFor(topology, target.router);
  const policy = policies.get(target.policy);
  if (!policy) throw new PolicyUnknownError(target.policy, [...policies.keys()]);
  const verdict = evaluate(policy, route, asn);
  return {
    policy: policy.name,
    prefix: text.prefix,
    before: routeAttributes(route.attributes),
    nextHop: addressOf(route.nextHop),
    verdict:
      verdict.type === "rejected"
        ? verdict
        : {
            ...verdict,
            attributes: routeAttributes(verdict.attributes),
            nextHop: addressOf(verdict.nextHop ?? route.nextHop),
          },
  };
}

function addressOf(nextHop: NextHop | undefined): Address | null {
  return nextHop?.linkLocal ?? nextHop?.global ?? null;
}

/** All policies that a router could be asked for, by name. */
function policiesFor(
  topology: Topology,
  name: string | undefined,
): { asn: Asn; policies: Map<string, Policy> } {
  const { routers, links } = topology;
  const router = name === undefined ? routers[0] : routers.find((one) => one.name === name);
  if (!router) {
    const names = routers.map((one) => one.name);
    throw new RouterUnknownError({ lab: topology.name, router: `${name}`, routers: names });
  }
  const ends = links.flatMap((link) => link.ends).filter((end) => name !== undefined && end.router === name);
  const own = ends
    .map((end) => endPolicies(topology, end))
    .flatMap((both) => [both.import, both.export])
    .filter((policy) => policy !== null);
  const policies = new Map([...topology.policies, ...own.map((policy) => [policy.name, policy] as const)]);
  return { asn: router.asn, policies };
}
