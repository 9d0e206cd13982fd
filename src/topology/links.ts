import { formatEndpoint } from "../net/endpoint.ts";
import type { DraftLink } from "./expand-links.ts";
import { abilitiesOf } from "./kind-abilities.ts";
import type { LongLinkText } from "./link-forms.ts";
import type { EndText } from "./link-text.ts";
import { pairsOf, type Several } from "./pairs.ts";
import { defaultOptions, layerSession, type SessionOptions } from "./session-options.ts";
import type { SessionText } from "./session-text.ts";
import type { Mistake, Source } from "./source.ts";
import type { Conditions, KindName, LinkEnd, Router, Wire } from "./topology.ts";
import { locate, type Path, type Tree } from "./tree.ts";

/** Octets; what containerlab gives its links too. */
const defaultMtu = 9500;

const dials = (kind: KindName) => abilitiesOf[kind]?.dials ?? true;

/** A wire, and what is written of it. */
export interface ResolvedWire extends Omit<Wire<LinkEnd>, "ends"> {
  /** More than two on a shared link. */
  readonly ends: Several<LinkEnd>;
  readonly draft: DraftLink;
}

/** Gives every end an interface: `eth0`, `eth1`, … in order, without the names that are taken somewhere in the file. */
export function resolveWires(
  links: readonly DraftLink[],
  routers: ReadonlyMap<string, Router>,
): ResolvedWire[] {
  const taken = new Set<string>();
  for (const { ends } of links) {
    for (const { router, ifname } of ends) if (ifname !== undefined) taken.add(`${router}:${ifname}`);
  }
  const next = new Map<string, number>();
  const ifnameAt = ({ router, ifname }: EndText): string => {
    if (ifname !== undefined) return ifname;
    let number = next.get(router) ?? 0;
    while (taken.has(`${router}:eth${number}`)) number++;
    next.set(router, number + 1);
    return `eth${number}`;
  };
  return links.map((draft) => {
    const end = (text: EndText, index: number): LinkEnd => {
      const { router } = text;
      const session = sessionAt(router, { sessions: draft.sessions, routers });
      return { router, ifname: ifnameAt(text), ...numbersAt(draft.body, index), session };
    };
    const { mtu = defaultMtu } = draft.body;
    const [a, b, ...more] = draft.ends;
    const ends: Several<LinkEnd> = [end(a, 0), end(b, 1), ...more.map((text, index) => end(text, index + 2))];
    return { ends, mtu, conditions: conditionsOf(draft.body), draft };
  });
}

function numbersAt({ ifindex, mac }: LongLinkText, index: number): Pick<LinkEnd, "ifindex" | "mac"> {
  return {
    ifindex: typeof ifindex === "number" ? ifindex : ifindex?.[index],
    mac: mac?.[index] ?? undefined,
  };
}

function conditionsOf({ rate, delay, jitter, loss }: LongLinkText): Conditions | null {
  const conditions = { rate: rate ?? null, delay: delay ?? 0, jitter: jitter ?? 0, loss: loss ?? 0 };
  const any =
    conditions.rate !== null || conditions.delay > 0 || conditions.jitter > 0 || conditions.loss > 0;
  return any ? conditions : null;
}

interface SessionSources extends Pick<DraftLink, "sessions"> {
  readonly routers: ReadonlyMap<string, Router>;
}

/** What a link's end says, over what its router says; the same object wherever both are the same. */
function sessionAt(router: string, { sessions, routers }: SessionSources): SessionOptions {
  const base = routers.get(router)?.session ?? defaultOptions;
  const text = sessions.get(router)?.text ?? undefined;
  if (text === undefined) return base;
  const known = layered.get(base) ?? new WeakMap<SessionText, SessionOptions>();
  layered.set(base, known);
  const session = known.get(text) ?? layerSession(base, text);
  known.set(text, session);
  return session;
}

const layered = new WeakMap<SessionOptions, WeakMap<SessionText, SessionOptions>>();

/** What is wrong with links that are well-formed each by itself. */
export function checkLinks(
  { source, tree }: { source: Source; tree: Tree },
  links: readonly DraftLink[],
  resolved: ReadonlyMap<string, Router>,
): Mistake[] {
  const once = new Once(source, tree);
  for (const link of links) {
    for (const [index, end] of link.ends.entries()) {
      const { router, ifname, path } = end;
      if (ifname !== undefined) {
        const endpoint = formatEndpoint({ router, ifname });
        once.take(endpoint, { path: [...link.path, ...path], what: endpoint });
      }
      const { ifindex, mac } = numbersAt(link.body, index);
      const at = (key: string) => [...link.path.slice(0, -1), key, index];
      if (ifindex !== undefined) {
        once.take(`${router} ${ifindex}`, { path: at("ifindex"), what: `ifindex ${ifindex} of ${router}` });
      }
      if (mac !== undefined) once.take(mac, { path: at("mac"), what: mac });
    }
  }
  return [
    ...once.mistakes,
    ...links.flatMap((link) => [...checkLists(tree, link), ...checkSharing(tree, link, resolved)]),
    ...links
      .flatMap(pairLinks)
      .flatMap((link) => [
        ...checkEnds(tree, link, resolved),
        ...checkSessions(tree, link, resolved),
        ...checkNextHops(tree, link, resolved),
        ...checkRemoteAs(tree, link, resolved),
      ]),
  ];
}

/** Two ends of a link, of which a shared one has more. */
interface PairLink extends DraftLink {
  readonly ends: readonly [EndText, EndText];
}

function pairLinks(link: DraftLink): PairLink[] {
  return pairsOf(link.ends).map((ends) => ({ ...link, ends }));
}

/** Only our own speaker tells the sessions of one interface apart. */
function checkSharing(
  tree: Tree,
  { ends, path }: DraftLink,
  resolved: ReadonlyMap<string, Router>,
): Mistake[] {
  if (ends.length === 2) return [];
  return ends.flatMap(({ router, path: place }): Mistake[] => {
    const { kind } = resolved.get(router) ?? {};
    if (kind === undefined || kind === "speaker") return [];
    const message = `${router} is of kind ${kind}, which takes no part in a shared link`;
    return [{ span: locate(tree, [...path, ...place]), message, hint: "only speakers share links" }];
  });
}

/** What is listed for all ends has as many items. */
function checkLists(tree: Tree, { ends, body, path }: DraftLink): Mistake[] {
  return (["ifindex", "mac"] as const).flatMap((key): Mistake[] => {
    const list = body[key];
    if (!Array.isArray(list) || list.length === ends.length) return [];
    const span = locate(tree, [...path.slice(0, -1), key]);
    const message = `${key} has a list of ${list.length}, and the link has ${ends.length} ends`;
    return [{ span, message, hint: "list one for each end, in the order of the ends" }];
  });
}

/** Things that only one link may have. */
class Once {
  readonly mistakes: Mistake[] = [];
  readonly #source: Source;
  readonly #tree: Tree;
  /** Where each was taken. */
  readonly #taken = new Map<string, Path>();

  constructor(source: Source, tree: Tree) {
    this.#source = source;
    this.#tree = tree;
  }

  take(key: string, { path, what }: { path: Path; what: string }): void {
    const earlier = this.#taken.get(key);
    if (earlier === undefined) {
      this.#taken.set(key, path);
      return;
    }
    const span = locate(this.#tree, path);
    const { start } = locate(this.#tree, earlier);
    const by =
      start === span.start
        ? "another link here"
        : `the link in ${this.#source.placeOf(start, { from: span.start })}`;
    this.mistakes.push({ span, message: `${what} is taken by ${by}` });
  }
}

/** The two ends of a link must be two routers with two addresses, and one of them must dial. */
function checkEnds(
  tree: Tree,
  { ends, path, body }: PairLink,
  resolved: ReadonlyMap<string, Router>,
): Mistake[] {
  const [a, b] = ends;
  if (a.router === b.router) {
    const span = locate(tree, path);
    return [{ span, message: `both ends of the link are at ${a.router}`, hint: "a link joins two routers" }];
  }
  const [first, second] = [resolved.get(a.router), resolved.get(b.router)];
  if (!first || !second) return [];
  const names = `${a.router} and ${b.router}`;
  const mistakes: Mistake[] = [];
  if (first.linkLocal === second.linkLocal) {
    const message = `${names} have the same link-local address, ${first.linkLocal}`;
    mistakes.push({ span: locate(tree, path), message, hint: "set link-local at one of them" });
  }
  if (body.expect !== "established" && body.expect !== null && body.expect !== undefined) return mistakes;
  if (!dials(first.kind) && !dials(second.kind)) {
    const message = `${names} would both wait for the other to open the session`;
    mistakes.push({
      span: locate(tree, path),
      message,
      hint: `kind ${first.kind} only accepts: let one be a speaker`,
    });
  }
  return mistakes;
}

/** Both ends have something to tell each other. */
function checkSessions(
  tree: Tree,
  { ends, sessions, path, body }: PairLink,
  routers: ReadonlyMap<string, Router>,
): Mistake[] {
  if (body.expect === "none") return [];
  const names = ends.map(({ router }) => router);
  const [ours = [], theirs = []] = names.map((name) => sessionAt(name, { sessions, routers }).families);
  if (ours.some((family) => theirs.includes(family))) return [];
  const message = `${names.join(" and ")} have no address family in common`;
  return [{ span: locate(tree, path), message, hint: "set families at one of them" }];
}

/** A next hop must be one that the router can announce, and that its peer takes. */
function checkNextHops(
  tree: Tree,
  { ends: [a, b], sessions, path }: PairLink,
  routers: ReadonlyMap<string, Router>,
): Mistake[] {
  const directions = [[a, b] as const, [b, a] as const];
  return directions.flatMap(([near, far]): Mistake[] => {
    const [own, peer] = [routers.get(near.router), routers.get(far.router)];
    const { nextHop } = sessionAt(near.router, { sessions, routers });
    if (!own || !peer || nextHop === null) return [];
    const session = sessions.get(near.router);
    const said = session?.text?.["next-hop"] !== undefined;
    const span = locate(tree, said ? [...path.slice(0, -1), "sessions", session.key, "next-hop"] : path);
    if (nextHop.ipv4 !== peer.linkLocal && nextHop.ipv6 !== peer.linkLocal) return [];
    const message = `${own.name} would tell ${peer.name} to send to itself, ${peer.linkLocal}`;
    return [{ span, message, hint: `${peer.name} ignores such routes (RFC 4271 §5.1.3)` }];
  });
}

/** Who is to be in another AS, or in the same, or in a certain one, must be there. */
function checkRemoteAs(
  tree: Tree,
  { ends: [a, b], sessions, path, body }: PairLink,
  routers: ReadonlyMap<string, Router>,
): Mistake[] {
  if ((body.expect ?? "established") !== "established") return [];
  const directions = [[a, b] as const, [b, a] as const];
  return directions.flatMap(([near, far]): Mistake[] => {
    const [own, peer] = [routers.get(near.router), routers.get(far.router)];
    if (!own || !peer) return [];
    const { remoteAs } = sessionAt(near.router, { sessions, routers });
    const same = own.asn === peer.asn;
    const met =
      remoteAs === null ||
      remoteAs === "any" ||
      remoteAs === peer.asn ||
      (remoteAs === "external" && !same) ||
      (remoteAs === "internal" && same);
    if (met) return [];
    const said = typeof remoteAs === "number" ? `AS ${remoteAs}` : `an ${remoteAs} peer`;
    const fact = same ? `${peer.name} is in AS ${peer.asn}, too` : `${peer.name} is in AS ${peer.asn}`;
    const message = `${own.name} wants ${said}, and ${fact}`;
    return [{ span: locate(tree, path), message, hint: "if the session must stay down, write expect: down" }];
  });
}
