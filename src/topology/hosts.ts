import type { Prefix } from "../net/prefix.ts";
import type { Draft } from "./draft.ts";
import type { DraftLink } from "./expand-links.ts";
import type { HostAddress } from "./host-fields.ts";
import type { ResolvedWire } from "./links.ts";
import { linkLocalFromNumber } from "./routers.ts";
import type { Mistake } from "./source.ts";
import type { Host, LinkEnd, Router, Wire } from "./topology.ts";
import { locate, locateKey, type Tree } from "./tree.ts";

/** Hosts with their wires, and the routers with what they originate for them. */
export function resolveHosts(
  draft: Draft,
  { wires, routers }: { wires: readonly ResolvedWire[]; routers: ReadonlyMap<string, Router> },
): { hosts: Host[]; routers: Router[] } {
  const byHost = new Map<string, Wire>();
  const behind = new Map<string, Prefix[]>();
  for (const wire of wires) {
    const [first, second] = wire.ends;
    const [host, router] = draft.hosts.has(first.router) ? [first, second] : [second, first];
    const body = draft.hosts.get(host.router)?.body;
    if (body === undefined) continue;
    byHost.set(host.router, withoutSessions(wire, [host, router]));
    const prefixes = (body.addresses ?? []).map(({ prefix }) => prefix);
    const known = behind.get(router.router);
    if (known === undefined) behind.set(router.router, prefixes);
    else for (const prefix of prefixes) known.push(prefix);
  }
  const hosts = Array.from(draft.hosts, ([name, { body, place }]): Host[] => {
    const wire = byHost.get(name);
    if (wire === undefined) return [];
    const linkLocal = body?.["link-local"] ?? linkLocalFromNumber(place);
    return [{ name, linkLocal, addresses: body?.addresses ?? [], wire }];
  }).flat();
  return {
    hosts,
    routers: [...routers.values()].map((router) => originating(router, behind.get(router.name))),
  };
}

function originating(router: Router, prefixes: readonly Prefix[] | undefined): Router {
  if (prefixes === undefined) return router;
  return { ...router, originate: [...new Set([...router.originate, ...prefixes])] };
}

function withoutSessions({ mtu, conditions }: Omit<Wire, "ends">, ends: readonly [LinkEnd, LinkEnd]): Wire {
  const [host, router] = ends.map(({ session, ...end }) => end);
  if (!host || !router) throw new RangeError("a wire has two ends");
  return { ends: [host, router], mtu, conditions };
}

/** A host has one link, to a router, and a prefix that is on no other link of that router. */
export function checkHosts(tree: Tree, { hosts, routers }: Draft, links: readonly DraftLink[]): Mistake[] {
  if (hosts.size === 0) return [];
  const linked = new Set<string>();
  const taken = new Map<string, string>();
  const mistakes: Mistake[] = [];
  for (const { ends, path, body } of links) {
    const refuse = (message: string, hint: string) =>
      mistakes.push({ span: locate(tree, path), message, hint });
    const [first, second] = ends.map(({ router }) => router);
    if (first === undefined || second === undefined || first === second) continue;
    const found = ends.map(({ router }) => router).filter((name) => hosts.has(name));
    const [host] = found;
    if (host === undefined) continue;
    if (ends.length > 2)
      refuse(`the host ${host} is on a shared link`, "give it a link of its own with its router");
    else if (found.length === 2)
      refuse(`${first} and ${second} are both hosts`, "a host needs a router to go anywhere");
    else if (linked.has(host)) refuse(`the host ${host} has a link already`, "a host has one link");
    if (body.sessions ?? body.expect)
      refuse(`${host} is a host and has no session`, "leave out sessions and expect");
    linked.add(host);
    const router = host === first ? second : first;
    for (const prefix of routers.has(router) ? prefixesOf(hosts.get(host)?.body?.addresses) : []) {
      const other = taken.get(`${router} ${prefix}`);
      if (other === undefined) taken.set(`${router} ${prefix}`, host);
      else
        refuse(
          `${router} has ${prefix} on its link to ${other} already`,
          "give each host a prefix of its own",
        );
    }
  }
  for (const [name, { path }] of hosts) {
    if (linked.has(name)) continue;
    const message = `the host ${name} has no link`;
    mistakes.push({ span: locateKey(tree, path), message, hint: `link it with a router: ${name} -- r1` });
  }
  return mistakes;
}

function prefixesOf(addresses: readonly HostAddress[] | null | undefined): Set<Prefix> {
  return new Set((addresses ?? []).map(({ prefix }) => prefix));
}
