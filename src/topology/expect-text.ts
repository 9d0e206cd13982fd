import * as v from "valibot";
import { closed } from "../bgp/config/closed.ts";
import {
  communitiesField,
  extendedCommunitiesField,
  largeCommunitiesField,
} from "../bgp/config/community-fields.ts";
import { asnField, ifnameField, prefixField } from "../bgp/config/fields.ts";
import { expected, quote, withHint } from "../bgp/config/message.ts";
import { familyNamesField } from "../bgp/config/session-fields.ts";
import { parseAddress } from "../net/address.ts";
import { sessionName } from "../net/session-name.ts";
import { described, part } from "./described.ts";
import { durationField, memberField } from "./fields.ts";
import { isPattern } from "./router-names.ts";

const origins = ["igp", "egp", "incomplete"] as const;

/** Names of states, and a word for all of them but one. */
const states = ["Idle", "Connect", "Active", "OpenSent", "OpenConfirm", "Established", "down"] as const;

const durationJson = { type: ["number", "string"] };
const textJson = { type: "string" };
const textsJson = { type: "array", items: textJson };

const numberField = v.pipe(
  v.number(expected("a number")),
  v.integer("expected a whole number"),
  v.minValue(0, "expected no number below 0"),
  v.maxValue(0xffff_ffff, "the number has more than 32 bits"),
);

const numberJson = { type: "integer", minimum: 0, maximum: 0xffff_ffff };

const endHint =
  "write it as r1:eth0, a router and one of its interfaces, or as r1:eth0/fe80::3 on a shared link";

/** An end of a session, `r1:eth0`, or `r1:eth0/fe80::3`. */
const endField = v.pipe(
  v.string(expected("a session", endHint)),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const [, router, ifname, address] = /^([\w-]+):([^\s:/%]+)(?:\/([^\s%]+))?$/.exec(value) ?? [];
    const peer = address === undefined ? null : parseAddress(address);
    if (router !== undefined && ifname !== undefined && peer !== undefined) {
      return { router, session: sessionName({ ifname, peer }) };
    }
    addIssue({ message: withHint(`${JSON.stringify(value)} is not a session`, endHint) });
    return NEVER;
  }),
);

const router = described(memberField, {
  meaning: "the router, or several as in [Groups](topology.md#groups): `leaf*`",
  without: "required",
  json: textJson,
});

const prefix = { meaning: "the prefix, exactly as it is announced", json: textJson };
const absent = (what: string) => `\`false\`: ${what}`;

/** An address of a next hop. */
const addressField = v.pipe(
  v.string(expected("an address")),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const address = parseAddress(value);
    if (address !== undefined) return address;
    addIssue({ message: withHint(`${quote(value)} is not an address`, "write it as fe80::2 or 10.0.0.1") });
    return NEVER;
  }),
);

const ifnames = v.array(ifnameField, expected("a list of interfaces", "write it as [eth0]"));

/** What must be true of a session. */
const sessionCheckText = closed({
  session: described(endField, {
    meaning: "one end of it, as `r1:eth0`, or `r1:eth0/fe80::3` on a shared link",
    without: "required",
    json: textJson,
  }),
  state: part(v.picklist(states, expected("a state", `states are ${states.join(", ")}`)), {
    meaning: "`Established` or another state of RFC 4271, or `down` for any other than that",
  }),
  families: part(familyNamesField, {
    meaning: "what both ends announce, no more and no less: `ipv4-unicast`, `ipv6-unicast`",
  }),
  "hold-time": part(numberField, { meaning: "as both ends settled it, in seconds", json: numberJson }),
  "peer-as": part(asnField, { meaning: "the AS number that the peer tells", json: numberJson }),
  "last-error": part(v.string(expected("a text")), {
    meaning: "a part of why the last connection ended, such as `bad peer as`",
    json: textJson,
  }),
  flaps: part(numberField, { meaning: "how often it has been established again", json: numberJson }),
  uptime: part(durationField, {
    meaning: "how long it has been Established without a break, at least",
    json: durationJson,
  }),
  capabilities: part(v.array(v.string(expected("a text")), expected("a list of texts")), {
    meaning:
      "what the peer's OPEN announces, among others perhaps, in the words of `fe80 why`: `graceful restart`",
    json: textsJson,
  }),
});

/** What must be true of a route, or of how many there are. */
const routeCheckText = v.pipe(
  closed({
    router,
    prefix: part(prefixField, prefix),
    present: part(v.boolean(expected("true or false")), {
      meaning: absent("there must be no route"),
      without: "`true`",
    }),
    via: part(ifnames, {
      meaning: "interfaces of all that is used at once; `[]` where the router itself is the origin",
      json: textsJson,
    }),
    "as-path": part(v.string(expected("a text", "quote a path of one number")), {
      meaning: 'the AS path as a text, such as `"64513 64512"`',
      json: textJson,
    }),
    communities: part(communitiesField, {
      meaning: "communities that it must have, among others perhaps",
      json: { type: "array", items: { type: ["string", "integer"] } },
    }),
    "large-communities": part(largeCommunitiesField, {
      meaning: "the same of large communities, such as `64512:1:2`",
      json: { type: "array", items: { type: ["string", "array"] } },
    }),
    "ext-communities": part(extendedCommunitiesField, {
      meaning: "the same of extended communities, such as `rt:64512:1`",
      json: textsJson,
    }),
    "local-pref": part(numberField, { meaning: "LOCAL_PREF", json: numberJson }),
    med: part(numberField, { meaning: "MULTI_EXIT_DISC", json: numberJson }),
    origin: part(v.picklist(origins, expected("an origin", `origins are ${origins.join(", ")}`)), {
      meaning: "ORIGIN: `igp`, `egp` or `incomplete`",
    }),
    "next-hop": part(addressField, { meaning: "the next hop of the best route", json: textJson }),
    "decided-by": part(v.string(expected("a text")), {
      meaning: "a part of the rule that made it the best, as `fe80 routes` tells it: `as path`",
      json: textJson,
    }),
    count: part(numberField, {
      meaning: "how many prefixes the router has a route to; alone beside `router`",
      json: numberJson,
    }),
  }),
  v.check(
    (text) => (text.prefix === undefined) !== (text.count === undefined),
    withHint(
      "expected either a prefix or a count",
      "write { router: r1, prefix: 10.0.1.0/24 } or { router: r1, count: 4 }",
    ),
  ),
);

/** What must be true of a route in the kernel. */
const kernelCheckText = closed({
  router,
  prefix: described(prefixField, { ...prefix, without: "required" }),
  present: part(v.boolean(expected("true or false")), {
    meaning: absent("the kernel must have no such route"),
    without: "`true`",
  }),
  via: part(ifnames, {
    meaning: "interfaces of all next hops; `[]` where packets must be dropped",
    json: textsJson,
  }),
});

const targetHint = "write the name of a router or host, or an address such as 10.0.1.1";

/** An address, or whom a name or pattern stands for. */
const targetField = v.pipe(
  v.string(expected("a router, a host or an address", targetHint)),
  v.check(
    (text) => parseAddress(text) !== undefined || isPattern(text),
    ({ input }) => withHint(`${quote(input)} is neither a name nor an address`, targetHint),
  ),
);

const hopHint = "write it as r2, or as r2:eth1 with the interface that it sends by";

/** A router on the way of a packet, perhaps with the interface that it leaves by. */
const hopField = v.pipe(
  v.string(expected("a router", hopHint)),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }): { router: string; ifname?: string } => {
    const [, router, ifname] = /^([\w-]+)(?::([^\s:/%]+))?$/.exec(value) ?? [];
    if (router !== undefined) return { router, ...(ifname !== undefined && { ifname }) };
    addIssue({ message: withHint(`${quote(value)} is neither a router nor an interface`, hopHint) });
    return NEVER;
  }),
);

/** Who must be able to reach whom. */
const pingCheckText = closed({
  from: described(memberField, {
    meaning:
      "the router or host that asks, or several: `r*`; a router asks from an address inside what it originates",
    without: "required",
    json: textJson,
  }),
  to: described(targetField, {
    meaning: "an address, or routers or hosts, of which one address of each family is asked",
    without: "required",
    json: textJson,
  }),
  reaches: part(v.boolean(expected("true or false")), {
    meaning: absent("there must be no answer"),
    without: "`true`",
  }),
  through: part(v.array(hopField, expected("a list of routers", "write it as [r2, r3]")), {
    meaning:
      "the routers that pass the request on, all of them in order, perhaps with the interface that each sends it by: `[r2, r3:eth1]`",
    json: textsJson,
  }),
});

/** Lists of what must be true. */
export const checkLists = {
  sessions: part(v.array(sessionCheckText, expected("a list of checks", "write - session: r1:eth0")), {
    meaning: "what must be true of sessions, see [Checks](checks.md)",
    without: "Established, all of them",
  }),
  routes: part(v.array(routeCheckText, expected("a list of checks", "write - router: r1")), {
    meaning: "what must be true of routes",
    without: "as BGP's rules have it",
  }),
  kernel: part(v.array(kernelCheckText, expected("a list of checks", "write - router: r1")), {
    meaning: "what must be true of routes in the kernel",
    without: "all routes are there",
  }),
  ping: part(v.array(pingCheckText, expected("a list of checks", "write - { from: r1, to: r2 }")), {
    meaning: "who must be able to reach whom, with the program `ping`",
    without: "not tried",
  }),
};

/** When a lab counts as converged, and what must be true of it then. */
export const expectText = closed({
  within: part(v.pipe(durationField, v.minValue(1, "convergence needs some time")), {
    meaning: "how long convergence may take",
    without: "30s, or 0.12s a router if that is more",
    json: durationJson,
  }),
  settle: part(durationField, {
    meaning: "how long nothing may change before the lab counts as converged",
    without: "100ms",
    json: durationJson,
  }),
  for: part(durationField, {
    meaning: "how long all must be as expected without a break",
    without: "0",
    json: durationJson,
  }),
  "converges-within": part(v.pipe(durationField, v.minValue(1, "convergence needs some time")), {
    meaning:
      "how long it may take until the last change, which CI may hold a lab to; `settle` and `for` come on top",
    without: "`within`",
    json: durationJson,
  }),
  ...checkLists,
});

export type ExpectText = v.InferOutput<typeof expectText>;
