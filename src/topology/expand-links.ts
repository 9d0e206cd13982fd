import { quote } from "../bgp/config/message.ts";
import type { Draft, WrittenLink } from "./draft.ts";
import { nobody } from "./groups.ts";
import { guesser } from "./guess.ts";
import type { LongLinkText } from "./link-forms.ts";
import type { EndText } from "./link-text.ts";
import { type Several, several } from "./pairs.ts";
import { isMultiple, type RouterNames } from "./router-names.ts";
import type { SessionText } from "./session-text.ts";
import type { Mistake } from "./source.ts";
import { locate, locateKey, type Path, type Tree } from "./tree.ts";

/** One link between two routers that are there or a router and a host, or of more routers that share it. */
export interface DraftLink {
  readonly ends: Several<EndText>;
  /** What is said of it, and of all others that were written with it. */
  readonly body: LongLinkText;
  /** What each of its routers' ends is told. */
  readonly sessions: ReadonlyMap<string, LinkSession>;
  /** Where its text stands. */
  readonly path: Path;
}

interface LinkSession {
  readonly text: SessionText | null;
  /** The key under which it stands: a router's name or a pattern. */
  readonly key: string;
}

/** How many links a lab may have: a short pattern can stand for millions. */
const maxLinks = 20_000;

/** Every link that the file stands for, in its order: chains link by link, patterns pair by pair. */
export function expandLinks(
  tree: Tree,
  { links, routers, hosts }: Draft,
  names: RouterNames,
): { links: DraftLink[]; mistakes: Mistake[] } {
  const guess = guesser(new Set([...routers.keys(), ...hosts.keys()]));
  const expansion: Expansion = { tree, names, guess, links: [], mistakes: [], pairs: 0 };
  for (const link of links) if (link !== undefined) expandLink(expansion, link);
  const { mistakes } = expansion;
  if (names.exhausted) {
    const hint = "write fewer patterns, or ranges such as leaf[1-4]";
    mistakes.push({
      span: locate(tree, ["links"]),
      message: "there are too many patterns for so many routers",
      hint,
    });
  }
  return { links: expansion.links, mistakes };
}

interface Expansion {
  readonly tree: Tree;
  readonly names: RouterNames;
  readonly guess: (name: string) => string;
  readonly links: DraftLink[];
  readonly mistakes: Mistake[];
  /** How many pairs of routers the links join. */
  pairs: number;
}

function expandLink(expansion: Expansion, { body, path }: WrittenLink): void {
  const { tree, names, mistakes } = expansion;
  if (expansion.pairs > maxLinks) return;
  const { type, ends } = body.link;
  for (const { router, path: place } of ends) {
    const { missing } = names.select(router);
    if (missing === undefined || names.exhausted) continue;
    mistakes.push({ span: locate(tree, [...path, ...place]), ...nobody(missing, expansion.guess) });
  }
  const wrong = mistakes.length;
  for (const mistake of checkKeys(expansion, { body, path })) mistakes.push(mistake);
  const sessions = sessionsByRouter(body, names);
  const before = expansion.pairs;
  const joined = type === "shared" ? sharing(expansion, { body, path }) : neighbors(ends, names);
  for (const each of joined) {
    for (let count = body.count ?? 1; count > 0 && expansion.pairs <= maxLinks; count--) {
      expansion.pairs += (each.length * (each.length - 1)) / 2;
      if (expansion.pairs <= maxLinks) expansion.links.push({ ends: each, body, sessions, path });
    }
  }
  if (expansion.pairs > maxLinks) {
    const hint = `at most ${maxLinks} in a lab; leaf* -- spine* is every leaf with every spine`;
    mistakes.push({ span: locate(tree, path), message: "the links have become too many here", hint });
    return;
  }
  const stands = ends.every(({ router }) => names.select(router).missing === undefined);
  if (expansion.pairs === before && stands && mistakes.length === wrong) {
    const hint =
      type === "shared"
        ? "a shared link needs two routers at least"
        : "a pattern on both sides links different routers";
    mistakes.push({ span: locate(tree, path), message: "this joins no two routers", hint });
  }
}

/** All that share one link, each once: by name goes before by pattern, for then its interface may be named. */
function sharing({ tree, names, mistakes }: Expansion, { body, path }: WrittenLink): Several<EndText>[] {
  const named = new Set<string>();
  for (const { router, path: place } of body.link.ends) {
    if (isMultiple(router)) continue;
    if (named.has(router)) {
      const hint = "a router has one interface on a shared link";
      mistakes.push({
        span: locate(tree, [...path, ...place]),
        message: `${router} is on this link already`,
        hint,
      });
    }
    named.add(router);
  }
  const found = new Map<string, EndText>();
  for (const end of body.link.ends) {
    for (const router of names.select(end.router).names) {
      const isOther = isMultiple(end.router) && named.has(router);
      if (!isOther && !found.has(router)) found.set(router, { ...end, router });
    }
  }
  const ends = several([...found.values()]);
  return ends ? [ends] : [];
}

/** Each end of a chain with the next. */
function* neighbors(ends: readonly EndText[], names: RouterNames): Generator<[EndText, EndText]> {
  for (const [index, second] of ends.entries()) {
    const first = ends[index - 1];
    if (first !== undefined) yield* pairsOf(first, second, names);
  }
}

/** Every router of one side with every other of the other side, each pair once; a single one with itself is a mistake of its own. */
function* pairsOf(first: EndText, second: EndText, names: RouterNames): Generator<[EndText, EndText]> {
  const [left, right] = [names.select(first.router).names, names.select(second.router).names];
  names.charge(left.length + right.length + Math.min(left.length * right.length, maxLinks));
  if (names.exhausted) return;
  const single = !isMultiple(first.router) && !isMultiple(second.router);
  const others = new Set(left);
  const overlap = !single && right.some((name) => others.has(name));
  const known = new Set<string>();
  for (const a of left) {
    for (const b of right) {
      if (a === b && !single) continue;
      const key = overlap ? (a < b ? `${a} ${b}` : `${b} ${a}`) : "";
      if (overlap && known.has(key)) continue;
      if (overlap) known.add(key);
      yield [
        { ...first, router: a },
        { ...second, router: b },
      ];
      if (known.size > maxLinks) return;
    }
  }
}

/** By name goes before by pattern, and a later pattern before an earlier one. */
function sessionsByRouter({ link, sessions }: LongLinkText, names: RouterNames): Map<string, LinkSession> {
  const found = new Map<string, LinkSession>();
  const entries = Object.entries(sessions ?? {}).map(([key, text]) => ({ key, text }));
  if (entries.length === 0) return found;
  const ordered = [true, false].flatMap((multiple) =>
    entries.filter(({ key }) => isMultiple(key) === multiple),
  );
  const onLink = new Set(link.ends.flatMap(({ router }) => names.select(router).names));
  for (const name of onLink) {
    const session = ordered.findLast(({ key }) => names.stands(key, { for: name }));
    if (session !== undefined) found.set(name, session);
  }
  return found;
}

/** Sessions are those of the link's own routers. */
function checkKeys({ tree, names }: Expansion, { body, path }: WrittenLink): Mistake[] {
  const keys = Object.keys(body.sessions ?? {});
  if (keys.length === 0) return [];
  const texts = [...new Set(body.link.ends.map(({ router }) => router))];
  const hint = `the ends of the link are ${texts.slice(0, 8).join(" and ")}`;
  const onLink = new Set(texts.flatMap((text) => names.select(text).names));
  if (onLink.size === 0) return [];
  return keys.flatMap((key): Mistake[] => {
    if (names.select(key).names.some((name) => onLink.has(name)) || names.exhausted) return [];
    const span = locateKey(tree, [...path.slice(0, -1), "sessions", key]);
    return [{ span, message: `${quote(key)} is not on this link`, hint }];
  });
}
