import * as v from "valibot";
import type { Family } from "../../net/address.ts";
import { maxAdvertisementInterval, roles } from "./config.ts";
import { asnField, routerIdField } from "./fields.ts";
import { expected, quote, withHint } from "./message.ts";

const remoteAsWords = v.picklist(
  ["external", "internal", "any"],
  expected("an AS number, external, internal or any"),
);

const communityHint = "write it as 64512:100, or no-export, no-advertise or no-peer";

/** RFC 1997 and RFC 3765. */
const wellKnown: ReadonlyMap<string, number> = new Map([
  ["graceful-shutdown", 0xffff_0000],
  ["no-export", 0xffff_ff01],
  ["no-advertise", 0xffff_ff02],
  ["no-export-subconfed", 0xffff_ff03],
  ["no-peer", 0xffff_ff04],
]);

/** A community as 32 bits, from a text such as `64512:100` or `no-export`, or from the number itself. */
const community = v.pipe(
  v.custom<number | string>(
    (value) => typeof value === "number" || typeof value === "string",
    expected("a community", communityHint),
  ),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const bits = typeof value === "number" ? value : parseCommunity(value);
    if (bits !== undefined && isWord(bits)) return bits;
    const shown = typeof value === "number" ? String(value) : quote(value);
    addIssue({ message: withHint(`${shown} is not a community`, communityHint) });
    return NEVER;
  }),
);

function parseCommunity(text: string): number | undefined {
  const [, high, low] = /^(\d{1,5}):(\d{1,5})$/.exec(text) ?? [];
  if (high === undefined || low === undefined) return wellKnown.get(text);
  return Number(high) > 0xffff || Number(low) > 0xffff ? undefined : Number(high) * 0x1_0000 + Number(low);
}

const family = v.picklist(
  ["ipv4-unicast", "ipv6-unicast"],
  expected("an address family", "families are ipv4-unicast and ipv6-unicast"),
);

/** Families by name in a topology; the speaker's own configuration has their numbers. */
export const familyNamesField = v.pipe(
  v.array(family, expected("a list of address families", "write it as [ipv4-unicast, ipv6-unicast]")),
  v.minLength(1, "a session needs at least one address family"),
  v.check((names) => new Set(names).size === names.length, "an address family is there twice"),
  v.transform((names): readonly Family[] => names.map((name) => (name === "ipv4-unicast" ? 4 : 6))),
);

const familiesField = v.pipe(
  v.array(v.picklist([4, 6], expected("4 or 6")), expected("a list of 4 and 6")),
  v.minLength(1, "a session needs at least one address family"),
  v.check((families) => new Set(families).size === families.length, "an address family is there twice"),
  v.transform((families): readonly Family[] => families),
);

const flag = v.boolean(expected("true or false"));

/** What a session may be told beside its timers, each by itself; for the meanings see `SessionConfig`. */
export const sessionFields = {
  remoteAs: v.lazy((input) => (typeof input === "number" ? asnField : remoteAsWords)),
  remoteId: routerIdField,
  passive: flag,
  families: familiesField,
  role: v.picklist(roles, expected("a role", `roles are ${roles.join(", ")} (RFC 9234)`)),
  strictRole: flag,
  dampPeerOscillations: flag,
  collisionDetectEstablished: flag,
  enforceFirstAs: flag,
  med: word("a MED"),
  communities: v.array(community, expected("a list of communities", communityHint)),
  localPref: word("a local preference"),
};

/** Router Lifetime of our Router Advertisements, in seconds (RFC 4861 §6.2.1, AdvDefaultLifetime). */
export const routerLifetimeField = v.pipe(
  v.number(expected("a router lifetime in seconds")),
  v.check(
    (value) => value === 0 || (Number.isInteger(value) && value >= maxAdvertisementInterval && value <= 9000),
    ({ input }) =>
      withHint(
        `router lifetime ${input} is not allowed (RFC 4861 §6.2.1)`,
        `0 for no default router, or ${maxAdvertisementInterval} to 9000 s`,
      ),
  ),
);

function word(what: string) {
  return v.pipe(
    v.number(expected(what)),
    v.check(isWord, ({ input }) =>
      withHint(`${input} is not ${what}`, "a whole number from 0 to 4294967295"),
    ),
  );
}

function isWord(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;
}
