import * as v from "valibot";
import { closed, isMapping } from "../bgp/config/closed.ts";
import {
  asnField,
  linkLocalField,
  logLevelField,
  originatedField,
  routerIdField,
} from "../bgp/config/fields.ts";
import { expected, withHint } from "../bgp/config/message.ts";
import type { Prefix } from "../net/prefix.ts";
import { containerKeys } from "./container-fields.ts";
import { described, either } from "./described.ts";
import { memberField, nameField } from "./fields.ts";
import { hostAddressField } from "./host-fields.ts";
import { routingKeys } from "./routing-text.ts";
import { sessionKeys } from "./session-text.ts";
import { tolerant } from "./tolerant.ts";
import { kindNames } from "./topology.ts";

const asnJson = { type: "integer", minimum: 1, maximum: 4294967294 };

const originateHint = "write it as [10.0.1.0/24]";
const originated = v.lazy(
  (input): v.GenericSchema<unknown, Prefix[]> =>
    typeof input === "string"
      ? v.pipe(
          originatedField,
          v.transform((prefix) => [prefix]),
        )
      : v.array(originatedField, expected("a list of prefixes", originateHint)),
);

const settings = {
  asn: v.nullish(
    described(asnField, {
      meaning: "AS number, 1 to 4294967294",
      without: "64511 + _n_; 4200000000 + _n_ in a lab of more than 1,023 routers",
      json: asnJson,
    }),
  ),
  originate: v.nullish(
    described(originated, {
      meaning: "list of prefixes, IPv4 and IPv6, or one alone; lists add up",
      without: "none",
      json: { type: ["array", "string"], items: { type: "string" } },
    }),
  ),
  "log-level": v.nullish(
    described(logLevelField, {
      meaning: "`trace`, `debug`, `info`, `warn` or `error`",
      without: "`debug`: all but keepalives",
    }),
  ),
  config: v.nullish(
    described(v.string(expected("text", "write it as a block: config: | and the lines below it")), {
      meaning: "text that is added to the configuration of a program that is not fe80's own, word for word",
      without: "none",
    }),
  ),
  ...sessionKeys,
  ...routingKeys,
  ...containerKeys,
};

const shared = {
  kind: v.nullish(
    described(v.picklist(kindNames, expected("a kind of router", `kinds are ${kindNames.join(", ")}`)), {
      meaning:
        "the program that routes: `speaker` (fe80's own), `bird`, `frr`, `gobgp`, `openbgpd` or `exabgp`",
      without: "`speaker`",
    }),
  ),
  ...settings,
};

const linkLocal = described(linkLocalField, {
  meaning: "its address on every link, in fe80::/64",
  without: "`fe80::` and _n_ in hexadecimal",
});

const routerHints = new Map([
  ["as", "did you mean asn?"],
  ["prefixes", "did you mean originate?"],
  ["networks", "did you mean originate?"],
  ["addresses", "only a host has them: kind: host"],
]);

/** What a router's body may say. */
export const routerBody = closed(
  {
    ...shared,
    "router-id": v.optional(
      described(routerIdField, { meaning: "BGP identifier, a dotted quad", without: "_n_ as a dotted quad" }),
    ),
    "link-local": v.optional(linkLocal),
  },
  routerHints,
);

export type RouterText = v.InferOutput<typeof routerBody>;

const noBgp = "a host runs no BGP";
const hostBody = closed(
  {
    kind: described(v.literal("host"), { meaning: "`host`: no router, but a machine behind one" }),
    addresses: v.nullish(
      described(v.array(hostAddressField, expected("a list of addresses", "write it as [10.1.0.10/24]")), {
        meaning: "list of its addresses, each with the length of the prefix on its link",
        without: "none",
      }),
    ),
    "link-local": v.optional(linkLocal),
  },
  new Map(["asn", "router-id", "originate"].map((key) => [key, noBgp])),
);

export type HostText = v.InferOutput<typeof hostBody>;

const onlyOwn = "no two routers have the same: set it at each router";
const onlyRouters = new Map([
  ["router-id", onlyOwn],
  ["link-local", onlyOwn],
]);
/** What all routers share. */
export const defaults = closed(shared, onlyRouters);
export type DefaultsText = v.InferOutput<typeof defaults>;

const kindSettings = closed(
  settings,
  new Map([...onlyRouters, ["kind", "the name of the kind stands above"]]),
);

const membersHint = 'write it as [spine1, "leaf*"]; a * stands for anything';

const group = closed(
  {
    routers: described(
      v.pipe(
        v.array(memberField, expected("a list of routers", membersHint)),
        v.minLength(1, withHint("a group needs at least one router", membersHint)),
      ),
      { meaning: "its members: names, and patterns such as `leaf*` or `leaf[1-4]`", without: "required" },
    ),
    ...shared,
  },
  new Map([...onlyRouters, ["members", "did you mean routers?"]]),
);

export type GroupText = v.InferOutput<typeof group>;

/** What the members of groups share, by name. */
export const groupMap = v.map(
  nameField({ of: "group", max: 63 }),
  tolerant(group),
  expected("groups", 'write a map { spines: { routers: ["spine*"], asn: 65000 } }'),
);

const routerName = nameField({ of: "router", max: 63 });
const atLeastOne = "a lab needs at least one router";
const routersHint = "write a map { r1: { asn: 64512 }, r2: }, or a list [r1, r2]";

const anyBody = either((input) => (isHost(input) ? hostBody : routerBody), [routerBody, hostBody]);

const routerMap = v.pipe(
  v.map(routerName, tolerant(v.nullable(anyBody)), expected("routers", routersHint)),
  v.minSize(1, atLeastOne),
);
const routerList = v.pipe(v.array(tolerant(routerName)), v.minLength(1, atLeastOne));

/** Bodies by name, or names alone. */
export const routers = either(
  (input) => (Array.isArray(input) ? routerList : routerMap),
  [routerMap, routerList],
);

const ofKind = v.nullish(tolerant(kindSettings));
/** What routers of a kind share. */
export const kindMap = closed({
  speaker: ofKind,
  bird: ofKind,
  frr: ofKind,
  gobgp: ofKind,
  openbgpd: ofKind,
  exabgp: ofKind,
});

/** Whether a body is that of a host, sound or not. */
function isHost(body: unknown): boolean {
  return isMapping(body) && body["kind"] === "host";
}
