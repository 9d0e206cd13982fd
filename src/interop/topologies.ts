import { abilitiesOf } from "../topology/kind-abilities.ts";
import type { SessionOptions } from "../topology/session-options.ts";
import type { KindName } from "../topology/topology.ts";
import type { End, Pair } from "./pair.ts";

/** A topology as a file has it, which is YAML as soon as it is written as JSON. */
export interface TopologyText {
  readonly name: string;
  readonly [key: string]: unknown;
}

/** AS numbers of four octets (RFC 6793) of the two, and of those behind them. */
export const asnOf = { a: 4_200_000_001, b: 4_200_000_002 } as const;

/** Who stands behind one of the two and feeds it; the second one with what is told twice, and with what its kernel is told. */
export const feedersOf = { a: ["a1", "a2"], b: ["b1", "b2"] } as const;

const feederAsn = { a1: 4_200_000_011, a2: 4_200_000_012, b1: 4_200_000_021, b2: 4_200_000_022 } as const;

const sides = { a: 1, b: 2 } as const;

/** Prefixes by what they are there for. */
export const prefixesOf = (end: End) => {
  const side = sides[end];
  return {
    own: [`10.0.${side}.0/24`, `2001:db8:${side}::/48`],
    plain: `2001:db8:${side}0::/48`,
    /** Told by both feeders. */
    twice: `2001:db8:${side}1::/48`,
    /** With large communities. */
    large: `2001:db8:${side}2::/48`,
    /** With more communities than fit into 4,096 octets. */
    long: `2001:db8:${side}3::/48`,
    /** In other words: 10,000 of them. */
    many: Array.from({ length: MANY }, (_, index) => `2001:db8:${side}f00:${index.toString(16)}::/64`),
  };
};

/** Where the first router behind an end answers. */
export function addressOf(end: End): string {
  return prefixesOf(end).plain.replace(/\/.*/, "1");
}

export const MANY = 10_000;

/** How many communities it takes. */
export const MANY_COMMUNITIES = 1200;

export const largeCommunities = ["65011:1:2", "4200000000:4294967295:0"] as const;

/** Whether routes that one tells this kind go on to others, so that it can be seen from behind it. */
export function passesOn(kind: KindName): boolean {
  return abilitiesOf[kind]?.transit ?? true;
}

/**
 * The two, joined by `eth0` of both, with two routers of ours behind each that passes routes on:
 *
 * ```
 * a1, a2 ── a ── b ── b1, b2
 * ```
 */
export function talk(name: string, pair: Pair): TopologyText {
  const feeders = ends.flatMap((end) =>
    passesOn(pair[end]) ? feedersOf[end].map((feeder) => ({ end, feeder })) : [],
  );
  return {
    name,
    routers: {
      ...middle(pair, { "add-path": "both" }),
      ...Object.fromEntries(feeders.map(({ end, feeder }) => [feeder, feederText(end, feeder)])),
    },
    links: ["a -- b", ...feeders.map(({ end, feeder }) => `${end} -- ${feeder}`)],
  };
}

const ends = ["a", "b"] as const;

/** The same with one router behind each, and graceful restart. */
export function restarts(name: string, pair: Pair): TopologyText {
  const feeders = ends.filter((end) => passesOn(pair[end]));
  return {
    name,
    routers: {
      ...middle(pair, { "graceful-restart": "full" }),
      ...Object.fromEntries(feeders.map((end) => [feedersOf[end][0], restartingFeeder(end)])),
    },
    links: ["a -- b", ...feeders.map((end) => `${end} -- ${feedersOf[end][0]}`)],
  };
}

function restartingFeeder(end: End) {
  const { plain } = prefixesOf(end);
  return { asn: feederAsn[feedersOf[end][0]], originate: [plain] };
}

/** What each end of a meeting is told. */
export type MeetingText = Readonly<Record<End, Readonly<Record<string, unknown>>>>;

/** Two routers for each of some meetings, which have nothing in common but the lab: `a-md5 ── b-md5`. */
export function meetings(name: string, pair: Pair, texts: ReadonlyMap<string, MeetingText>): TopologyText {
  const all = [...texts];
  return {
    name,
    routers: Object.fromEntries(
      all.flatMap(([meeting, text]) =>
        ends.map((end) => [routerOf(end, meeting), routerText(pair[end], end, text[end])]),
      ),
    ),
    links: all.map(([meeting]) => ends.map((end) => routerOf(end, meeting)).join(" -- ")),
  };
}

/** The router of one end in a meeting; the meeting has no name where it is the only one of its lab. */
export function routerOf(end: End, meeting: string): string {
  return meeting === "" ? end : `${end}-${meeting}`;
}

function middle(pair: Pair, options: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(ends.map((end) => [end, routerText(pair[end], end, options)]));
}

/** A router of a kind, told as much of that as its kind takes. */
function routerText(kind: KindName, end: End, options: Readonly<Record<string, unknown>>) {
  const abilities = abilitiesOf[kind];
  const taken = Object.entries(options).filter(([key, value]) =>
    key === "timers" ? takesTimers(kind, value as object) : takes(kind, key),
  );
  const { own } = prefixesOf(end);
  const carries6Alone = abilities !== undefined && !abilities.families.includes(4);
  const originate = carries6Alone ? own.slice(1) : own;
  return {
    kind,
    asn: asnOf[end],
    originate,
    ...(carries6Alone ? { families: ["ipv6-unicast"] } : {}),
    ...Object.fromEntries(taken),
  };
}

/** Whether a kind takes a key of sessions, as {@link abilitiesOf} has it. */
function takes(kind: KindName, key: string): boolean {
  const name = otherNames[key] ?? key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return abilitiesOf[kind]?.session.has(name as keyof SessionOptions) ?? true;
}

function takesTimers(kind: KindName, timers: object): boolean {
  const own = abilitiesOf[kind]?.timers;
  return Object.keys(timers).every((key) => key !== "idle-hold" || (own?.has("idleHoldTime") ?? true));
}

/** What a topology's keys are called where that is not just another way of writing. */
const otherNames: Readonly<Record<string, keyof SessionOptions>> = { md5: "md5Key", gtsm: "minHopLimit" };

function feederText(end: End, feeder: keyof typeof feederAsn) {
  const { plain, twice, large, long } = prefixesOf(end);
  const base = { asn: feederAsn[feeder], install: false, "add-path": "receive" };
  if (feeder !== feedersOf[end][0]) return { ...base, originate: [twice], redistribute: ["static"] };
  return {
    ...base,
    originate: [plain, twice, large, long],
    "export-prefixes": [plain, twice, large],
    export: [
      { match: { prefix: [long] }, set: { community: { add: communities() } } },
      { match: { prefix: [large] }, set: { "large-community": { add: largeCommunities } } },
      "accept",
    ],
  };
}

/** What ExaBGP says of a prefix that a router behind it would say otherwise; several texts for several paths. */
export function wordsFor(end: End, prefix: string): string[] {
  const { twice, large, long } = prefixesOf(end);
  if (prefix === large) return [`large-community [ ${largeCommunities.join(" ")} ]`];
  if (prefix === long) return [`community [ ${communities().join(" ")} ]`];
  if (prefix !== twice) return [""];
  return feedersOf[end].map((feeder, index) => {
    const path = `as-path [ ${asnOf[end]} ${feederAsn[feeder]} ]`;
    return `path-information 0.0.0.${index + 1} ${path}`;
  });
}

function communities(): string[] {
  return Array.from({ length: MANY_COMMUNITIES }, (_, index) => `64500:${index}`);
}
