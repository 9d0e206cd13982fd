import { quote } from "../bgp/config/message.ts";
import type { Draft, WrittenLink } from "./draft.ts";
import { nobody } from "./groups.ts";
import { guesser } from "./guess.ts";
import type { EndText } from "./link-text.ts";
import { isMultiple, type RouterNames } from "./router-names.ts";
import type { LongLinkText } from "./schema.ts";
import type { SessionText } from "./session-text.ts";
import type { Mistake } from "./source.ts";
import { locate, locateKey, type Path, type Tree } from "./tree.ts";

/** One link between two routers that are there, or a router and a host. */
export interface DraftLink {
  readonly ends: readonly [EndText, EndText];
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
const maxLinks = 50_000;

/** Every link that the file stands for, in its order: chains link by link, patterns pair by pair. */
export function expandLinks(
  tree: Tree,
  { links, routers, hosts }: Draft,
  names: RouterNames,
): { links: DraftLink[]; mistakes: Mistake[] } {
  const guess = guesser(new Set([...routers.keys(), ...hosts.keys()]));
  const expansion: Expansion = { tree, names, guess, links: [], mistakes: [] };
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
}

function expandLink(expansion: Expansion, { body, path }: WrittenLink): void {
  const { tree, names, links, mistakes } = expansion;
  if (links.length > maxLinks) return;
  for (const { router, span } of body.link) {
    const { missing } = names.select(router);
    if (missing === undefined || names.exhausted) continue;
    mistakes.push({ span: locate(tree, [...path, span]), ...nobody(missing, expansion.guess) });
  }
  for (const mistake of checkKeys(expansion, { body, path })) mistakes.push(mistake);
  const sessions = sessionsByRouter(body, names);
  const before = links.length;
  for (const [index, second] of body.link.entries()) {
    const first = body.link[index - 1];
    if (first === undefined) continue;
    for (const ends of pairsOf(first, second, names)) {
      for (let count = body.count ?? 1; count > 0 && links.length <= maxLinks; count--) {
        links.push({ ends, body, sessions, path });
      }
    }
  }
  if (links.length > maxLinks) {
    const hint = `at most ${maxLinks} in a lab; leaf* -- spine* is every leaf with every spine`;
    mistakes.push({ span: locate(tree, path), message: "the links have become too many here", hint });
    return;
  }
  const stands = body.link.every(({ router }) => names.select(router).missing === undefined);
  if (links.length === before && stands) {
    const hint = "a pattern on both sides links different routers";
    mistakes.push({ span: locate(tree, path), message: "this joins no two routers", hint });
  }
}

/** Every router of one side with every other of the other side, each pair once; a single one with itself is a mistake of its own. */
function* pairsOf(first: EndText, second: EndText, names: RouterNames): Generator<[EndText, EndText]> {
  const [left, right] = [names.select(first.router).names, names.select(second.router).names];
  names.charge(left.length + right.length);
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
  const onLink = new Set(link.flatMap(({ router }) => names.select(router).names));
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
  const texts = [...new Set(body.link.map(({ router }) => router))];
  const hint = `the ends of the link are ${texts.slice(0, 8).join(" and ")}`;
  const onLink = new Set(texts.flatMap((text) => names.select(text).names));
  if (onLink.size === 0) return [];
  return keys.flatMap((key): Mistake[] => {
    if (names.select(key).names.some((name) => onLink.has(name)) || names.exhausted) return [];
    const span = locateKey(tree, [...path.slice(0, -1), "sessions", key]);
    return [{ span, message: `${quote(key)} is not on this link`, hint }];
  });
}
