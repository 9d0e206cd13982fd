import { quote } from "../bgp/config/message.ts";
import { formatEndpoint } from "../net/endpoint.ts";
import type { Draft, DraftLink } from "./draft.ts";
import { guesser } from "./guess.ts";
import type { EndText, LinkText } from "./link-text.ts";
import { defaultOptions, layerSession, type SessionOptions } from "./session-options.ts";
import type { Mistake, Source } from "./source.ts";
import type { KindName, Link, LinkEnd, Router } from "./topology.ts";
import { locate, locateKey, type Path, type Tree } from "./tree.ts";

/** Octets; what containerlab gives its links too. */
const defaultMtu = 9500;

/** Programs that cannot find a peer by themselves, and so never dial. */
const passiveKinds: ReadonlySet<KindName> = new Set(["bird"]);

/** Gives every end an interface: `eth0`, `eth1`, … in order, without the names that are taken somewhere in the file. */
export function resolveLinks(links: readonly DraftLink[], routers: ReadonlyMap<string, Router>): Link[] {
  const taken = new Set(links.flatMap(({ ends }) => ends.map(({ router, ifname }) => `${router}:${ifname}`)));
  const next = new Map<string, number>();
  const ifnameAt = ({ router, ifname }: EndText): string => {
    if (ifname !== undefined) return ifname;
    let number = next.get(router) ?? 0;
    while (taken.has(`${router}:eth${number}`)) number++;
    next.set(router, number + 1);
    return `eth${number}`;
  };
  return links.map(({ ends: [a, b], ifindex, mtu, sessions }) => {
    const end = (text: EndText, number: number | undefined): LinkEnd => ({
      router: text.router,
      ifname: ifnameAt(text),
      ifindex: number,
      session: sessionAt(text.router, { sessions, routers }),
    });
    return { ends: [end(a, ifindex?.[0]), end(b, ifindex?.[1])], mtu: mtu ?? defaultMtu };
  });
}

interface SessionSources extends Pick<DraftLink, "sessions"> {
  readonly routers: ReadonlyMap<string, Router>;
}

/** What a link's end says, over what its router says. */
function sessionAt(router: string, { sessions, routers }: SessionSources): SessionOptions {
  return layerSession(routers.get(router)?.session ?? defaultOptions, sessions.get(router));
}

/** What is wrong with links that are well-formed each by itself. */
export function checkLinks(
  { source, tree }: { source: Source; tree: Tree },
  draft: Draft,
  resolved: ReadonlyMap<string, Router>,
): Mistake[] {
  const guess = guesser(draft.routers);
  const ifnames = new Map<string, number>();
  const ifindexes = new Map<string, number>();
  const mistakes: Mistake[] = [];
  const once = (
    seen: Map<string, number>,
    { key, path, what }: { key: string; path: Path; what: string },
  ) => {
    const span = locate(tree, path);
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, source.lineAt(span.start));
    else mistakes.push({ span, message: `${what} is taken by the link in line ${earlier}` });
  };
  for (const link of draft.links) {
    if (link === undefined) continue;
    for (const [index, end] of link.ends.entries()) {
      const { router, ifname, span } = end;
      const path = [...link.path, span];
      if (!draft.routers.has(router)) {
        const message = `no router is called ${quote(router)}`;
        mistakes.push({ span: locate(tree, path), message, hint: guess(router) });
      }
      if (ifname !== undefined) {
        const endpoint = formatEndpoint({ router, ifname });
        once(ifnames, { key: endpoint, path, what: endpoint });
      }
      const ifindex = link.ifindex?.[index];
      if (ifindex !== undefined) {
        const at = [...link.path.slice(0, -1), "ifindex", index];
        once(ifindexes, { key: `${router} ${ifindex}`, path: at, what: `ifindex ${ifindex} of ${router}` });
      }
    }
    mistakes.push(...checkEnds(tree, link, resolved), ...checkSessions(tree, link, resolved));
    mistakes.push(...checkNextHops(tree, link, resolved));
  }
  return mistakes;
}

/** The two ends of a link must be two routers with two addresses, and one of them must dial. */
function checkEnds(
  tree: Tree,
  { ends, path }: { ends: LinkText; path: Path },
  resolved: ReadonlyMap<string, Router>,
): Mistake[] {
  const [a, b] = ends;
  const span = locate(tree, path);
  if (a.router === b.router) {
    return [{ span, message: `both ends of the link are at ${a.router}`, hint: "a link joins two routers" }];
  }
  const [first, second] = [resolved.get(a.router), resolved.get(b.router)];
  if (!first || !second) return [];
  const names = `${a.router} and ${b.router}`;
  const mistakes: Mistake[] = [];
  if (first.linkLocal === second.linkLocal) {
    const message = `${names} have the same link-local address, ${first.linkLocal}`;
    mistakes.push({ span, message, hint: "set link-local at one of them" });
  }
  if (passiveKinds.has(first.kind) && passiveKinds.has(second.kind)) {
    const message = `${names} would both wait for the other to open the session`;
    mistakes.push({ span, message, hint: `kind ${first.kind} only accepts: let one be a speaker` });
  }
  return mistakes;
}

/** Sessions are those of the link's own routers, and both ends have something to tell each other. */
function checkSessions(
  tree: Tree,
  { ends, sessions, path }: DraftLink,
  routers: ReadonlyMap<string, Router>,
): Mistake[] {
  const names = ends.map(({ router }) => router);
  const hint = `the ends of the link are ${names.join(" and ")}`;
  const strangers = [...sessions.keys()].filter((name) => !names.includes(name));
  const mistakes = strangers.map((name): Mistake => {
    const span = locateKey(tree, [...path.slice(0, -1), "sessions", name]);
    return { span, message: `${quote(name)} is not on this link`, hint };
  });
  const [ours = [], theirs = []] = names.map((name) => sessionAt(name, { sessions, routers }).families);
  if (ours.some((family) => theirs.includes(family))) return mistakes;
  const message = `${names.join(" and ")} have no address family in common`;
  return [...mistakes, { span: locate(tree, path), message, hint: "set families at one of them" }];
}

/** A next hop must be one that the router can announce, and that its peer takes. */
function checkNextHops(
  tree: Tree,
  { ends: [a, b], sessions, path }: DraftLink,
  routers: ReadonlyMap<string, Router>,
): Mistake[] {
  const directions = [[a, b] as const, [b, a] as const];
  return directions.flatMap(([near, far]): Mistake[] => {
    const [own, peer] = [routers.get(near.router), routers.get(far.router)];
    const { nextHop } = sessionAt(near.router, { sessions, routers });
    if (!own || !peer || nextHop === null) return [];
    const said = sessions.get(near.router)?.["next-hop"] !== undefined;
    const span = locate(tree, said ? [...path.slice(0, -1), "sessions", near.router, "next-hop"] : path);
    if (own.kind === "bird") {
      const message = `${own.name} is of kind bird, which always announces its own next hop`;
      return [{ span, message, hint: "set next-hop at speakers alone" }];
    }
    if (nextHop.ipv4 !== peer.linkLocal && nextHop.ipv6 !== peer.linkLocal) return [];
    const message = `${own.name} would tell ${peer.name} to send to itself, ${peer.linkLocal}`;
    return [{ span, message, hint: `${peer.name} ignores such routes (RFC 4271 §5.1.3)` }];
  });
}
