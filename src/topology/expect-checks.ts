import { quote } from "../bgp/config/message.ts";
import { parseAddress } from "../net/address.ts";
import { formatSessionEnd, sessionName } from "../net/session-name.ts";
import { defined } from "./defined.ts";
import type { Check } from "./expect.ts";
import type { ExpectText } from "./expect-text.ts";
import { nobody } from "./groups.ts";
import type { RouterNames } from "./router-names.ts";
import type { Mistake, Place, Source } from "./source.ts";
import type { Link, Router } from "./topology.ts";
import { locate, type Path, type Tree } from "./tree.ts";

/** What checks may be about. */
export interface Members {
  /** Names of routers alone. */
  readonly routers: RouterNames;
  /** Names of routers and hosts. */
  readonly members: RouterNames;
  readonly links: readonly Link[];
  readonly linkLocals: ReadonlyMap<string, Router["linkLocal"]>;
  /** What to say of a name that nobody has. */
  readonly guess: (name: string) => string;
}

/** Checks as they are written somewhere. */
interface Written {
  readonly source: Source;
  readonly path: Path;
  readonly text: Partial<ExpectText> | undefined;
  /** Whether they are about a lab to which nothing has been done. */
  readonly unharmed: boolean;
}

/** So many checks all patterns may come to. */
const maxChecks = 100_000;

/** The checks that are written in a place, each for one router; names that are nobody's, and checks that can never be met, are mistakes. */
export function resolveChecks(
  tree: Tree,
  { source, path: here, text: expect = {}, unharmed }: Written,
  members: Members,
): { checks: Check[]; mistakes: Mistake[] } {
  const mistakes: Mistake[] = [];
  const refuse: Refuse = (path, mistake) => {
    mistakes.push({ span: locate(tree, [...here, ...path]), ...mistake });
  };
  const select: Select = (names, pattern, path) => {
    const { names: found, missing } = names.select(pattern);
    if (missing !== undefined) refuse(path, nobody(missing, members.guess));
    return found;
  };
  const place: Context["place"] = (...path) => source.placeAt(locate(tree, [...here, ...path]));
  const context = { ...members, expect, unharmed, refuse, select, place };
  const checks: Check[] = [];
  for (const part of [sessionChecks, routeChecks, kernelChecks, pingChecks]) {
    for (const check of part(context)) {
      if (checks.push(check) < maxChecks) continue;
      refuse([], { message: "there are too many checks", hint: `at most ${maxChecks}` });
      return { checks, mistakes };
    }
  }
  return { checks, mistakes };
}

type Refuse = (path: Path, mistake: Omit<Mistake, "span">) => void;
type Select = (names: RouterNames, pattern: string, path: Path) => readonly string[];

interface Context extends Members {
  readonly expect: Partial<ExpectText>;
  readonly unharmed: boolean;
  readonly refuse: Refuse;
  /** Whom a pattern stands for; nobody is a mistake. */
  readonly select: Select;
  readonly place: (...path: Path) => Place;
}

function* sessionChecks({
  expect: { sessions = [] },
  unharmed,
  refuse,
  place,
  ...members
}: Context): Generator<Check> {
  const planned = sessionsOf(members);
  for (const [index, text] of sessions.entries()) {
    const problem = sessionProblem(text, planned, unharmed);
    if (problem) refuse(["sessions", index, "session"], problem);
    const { session, families, state } = text;
    const { "hold-time": holdTime, "peer-as": peerAsn, "last-error": lastError } = text;
    const { flaps, uptime: uptimeMs, capabilities } = text;
    const more = defined({ state, families, holdTime, peerAsn, lastError, flaps, uptimeMs, capabilities });
    yield { type: "session", ...session, ...more, place: place("sessions", index) };
  }
}

function* routeChecks({ expect: { routes = [] }, routers, select, place }: Context): Generator<Check> {
  for (const [index, text] of routes.entries()) {
    const { prefix, count, present = true, via, communities, med } = text;
    const { "as-path": asPath, "local-pref": localPref, "next-hop": nextHop, "decided-by": decidedBy } = text;
    const { "large-communities": largeCommunities, "ext-communities": extendedCommunities, origin } = text;
    const lists = { communities, largeCommunities, extendedCommunities };
    const more = defined({ via, asPath, ...lists, localPref, med, origin, nextHop, decidedBy });
    const common = { place: place("routes", index) };
    for (const router of select(routers, text.router, ["routes", index, "router"])) {
      if (count !== undefined) yield { type: "routeCount", router, count, ...common };
      if (prefix === undefined) continue;
      yield { type: "route", router, prefix, present, ...more, ...common };
    }
  }
}

function* kernelChecks({ expect: { kernel = [] }, routers, select, place }: Context): Generator<Check> {
  for (const [index, { router: pattern, prefix, present = true, via }] of kernel.entries()) {
    const more = { ...defined({ via }), place: place("kernel", index) };
    for (const router of select(routers, pattern, ["kernel", index, "router"])) {
      yield { type: "kernel", router, prefix, present, ...more };
    }
  }
}

function* pingChecks(context: Context): Generator<Check> {
  const { expect, routers, members, select, refuse, place } = context;
  const { ping = [] } = expect;
  for (const [index, { from, to, reaches = true, through }] of ping.entries()) {
    const targets = parseAddress(to) === undefined ? select(members, to, ["ping", index, "to"]) : [to];
    const common = { reaches, ...defined({ through }), place: place("ping", index) };
    for (const [hop, { router }] of (through ?? []).entries()) {
      select(routers, router, ["ping", index, "through", hop]);
    }
    if (through !== undefined && !reaches) {
      const hint = "leave through out, or reaches: false";
      refuse(["ping", index, "through"], { message: "what does not arrive has no way", hint });
    }
    for (const router of select(members, from, ["ping", index, "from"])) {
      for (const target of targets) {
        if (target !== router) yield { type: "ping", router, to: target, ...common };
      }
    }
  }
}

type SessionText = NonNullable<ExpectText["sessions"]>[number];

/** By what they are called, `r1:eth0` or `r1:eth0/fe80::3`. */
type PlannedSessions = ReadonlyMap<string, Link>;

function sessionsOf({ links, linkLocals }: Pick<Members, "links" | "linkLocals">): PlannedSessions {
  return new Map(
    links.flatMap((link) => {
      const [a, b] = link.ends;
      return [[a, b] as const, [b, a] as const].map(([{ router, ifname }, far]) => {
        const peer = link.segment === null ? null : (linkLocals.get(far.router) ?? null);
        return [formatSessionEnd({ router, session: sessionName({ ifname, peer }) }), link] as const;
      });
    }),
  );
}

function sessionProblem(
  { session, state }: SessionText,
  planned: PlannedSessions,
  unharmed: boolean,
): { message: string; hint: string } | undefined {
  const end = formatSessionEnd(session);
  const link = planned.get(end);
  if (!link) {
    const own = [...planned.keys()].filter((each) => each.startsWith(`${session.router}:`));
    const hint = own.length === 0 ? "write a router and one of its interfaces" : `it has ${own.join(", ")}`;
    return { message: `no link has an end ${quote(end)}`, hint };
  }
  if (link.expect === "none") {
    return { message: `there is no session on ${end}`, hint: "its link says expect: none" };
  }
  if (unharmed && link.expect === "established" && state !== undefined && state !== "Established") {
    const message = `${end} cannot be ${state} in a lab that has converged`;
    return { message, hint: "write expect: down at its link" };
  }
  return undefined;
}
