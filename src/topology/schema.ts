import * as v from "valibot";
import { closed } from "../bgp/config/closed.ts";
import {
  asnField,
  linkLocalField,
  logLevelField,
  originatedField,
  routerIdField,
} from "../bgp/config/fields.ts";
import { expected, withHint } from "../bgp/config/message.ts";
import { durationField, memberField, nameField } from "./fields.ts";
import { parseLink } from "./link-text.ts";
import { policyName, rulesText } from "./policy-text.ts";
import { routingKeys } from "./routing-text.ts";
import { linkSession, sessionKeys } from "./session-text.ts";

/**
 * Keeps a part's mistakes but lets the rest be checked and used without it: its value is then undefined.
 *
 * Keys that it should not have take nothing away from a part.
 */
function tolerant<Schema extends v.GenericSchema>(schema: Schema) {
  return {
    ...schema,
    "~run"(dataset, config) {
      const { value, typed, issues } = schema["~run"](dataset, config);
      if (issues === undefined) return { typed: true, value };
      const usable = typed && issues.every(({ path }) => path?.at(-1)?.origin === "key");
      return { typed: true, value: usable ? value : undefined, issues };
    },
  } as v.GenericSchema<v.InferInput<Schema>, v.InferOutput<Schema> | undefined>;
}

const shared = {
  kind: v.optional(
    v.picklist(["speaker", "bird"], expected("a kind of router", "kinds are speaker and bird")),
  ),
  asn: v.optional(asnField),
  "log-level": v.optional(logLevelField),
  ...sessionKeys,
  ...routingKeys,
};

const routerHints = new Map([
  ["as", "did you mean asn?"],
  ["prefixes", "did you mean originate?"],
  ["networks", "did you mean originate?"],
  ["image", "the kind of a router says which program runs in it"],
]);

const routerBody = closed(
  {
    ...shared,
    "router-id": v.optional(routerIdField),
    "link-local": v.optional(linkLocalField),
    originate: v.nullish(
      v.array(originatedField, expected("a list of prefixes", "write it as [10.0.1.0/24]")),
    ),
  },
  routerHints,
);

const onlyOwn = "no two routers have the same: set it at each router";
const onlyRouters = new Map([
  ["router-id", onlyOwn],
  ["link-local", onlyOwn],
  ["originate", onlyOwn],
]);
const defaults = closed(shared, onlyRouters);

const membersHint = 'write it as [spine1, "leaf*"]; a * stands for anything';

const group = closed(
  {
    routers: v.pipe(
      v.array(memberField, expected("a list of routers", membersHint)),
      v.minLength(1, withHint("a group needs at least one router", membersHint)),
    ),
    ...shared,
  },
  new Map([...onlyRouters, ["members", "did you mean routers?"]]),
);

const groupMap = v.map(
  nameField({ of: "group", max: 63 }),
  tolerant(group),
  expected("groups", 'write a map { spines: { routers: ["spine*"], asn: 65000 } }'),
);

const policyMap = v.map(
  policyName,
  tolerant(rulesText),
  expected("policies", "write a map { customers: [{ match: { prefix: [10.0.0.0/8] } }, reject] }"),
);

const routerName = nameField({ of: "router", max: 63 });
const atLeastOne = "a lab needs at least one router";
const routersHint = "write a map { r1: { asn: 64512 }, r2: }, or a list [r1, r2]";

const routerMap = v.pipe(
  v.map(routerName, tolerant(v.nullable(routerBody)), expected("routers", routersHint)),
  v.minSize(1, atLeastOne),
);
const routerList = v.pipe(v.array(tolerant(routerName)), v.minLength(1, atLeastOne));

const linkText = v.pipe(
  v.string(expected("a link", "write a link as r1 -- r2, or as r1:eth0 -- r2:eth3")),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const link = parseLink(value);
    if (!("type" in link)) return link;
    const { span, message, hint } = link;
    const place = { type: "unknown", origin: "value", input: value, key: span, value } as const;
    addIssue({ message: withHint(message, hint), path: [place] });
    return NEVER;
  }),
);

const ifindex = v.pipe(
  v.number(expected("an interface number")),
  v.check(
    (value) => Number.isInteger(value) && value >= 2 && value <= 0x7fff_ffff,
    ({ input }) =>
      withHint(`ifindex ${input} is not allowed`, "2 to 2147483647; the loopback interface has 1"),
  ),
);
const twoIfindexes = "one number for both ends, or a list of two";

const sessionsHint = "write it as { r1: { passive: true } }, with a router of the link";

const longLink = closed(
  {
    link: linkText,
    ifindex: v.optional(
      v.lazy((input) =>
        Array.isArray(input)
          ? v.strictTuple([ifindex, ifindex], expected("two numbers", twoIfindexes))
          : ifindex,
      ),
    ),
    mtu: v.optional(
      v.pipe(
        v.number(expected("an MTU in octets")),
        v.check(
          (value) => Number.isInteger(value) && value >= 1280 && value <= 0xffff,
          ({ input }) => withHint(`mtu ${input} is not allowed`, "1280 (RFC 8200 §5) to 65535"),
        ),
      ),
    ),
    sessions: v.nullish(
      v.record(v.string(), v.nullable(linkSession), expected("a map of routers", sessionsHint)),
    ),
  },
  new Map([["endpoints", 'did you mean link? It is written "r1:eth0 -- r2:eth3"']]),
);

/** A link in its short or its long form. */
const link = v.lazy((input) => (isObject(input) ? longLink : linkText));

const expectation = closed({
  within: v.optional(v.pipe(durationField, v.minValue(1, "convergence needs some time"))),
  settle: v.optional(durationField),
});

/** The whole language. Maps of routers and of groups come as a `Map`, so that their order is that of the file. */
export const topologySchema = closed(
  {
    name: tolerant(nameField({ of: "lab", max: 32 })),
    defaults: v.nullish(tolerant(defaults)),
    groups: v.nullish(tolerant(groupMap)),
    policies: v.nullish(policyMap),
    routers: v.lazy((input) => (Array.isArray(input) ? routerList : routerMap)),
    links: v.nullish(
      v.array(tolerant(link), expected("a list of links", "each on a line of its own: - r1 -- r2")),
    ),
    expect: v.nullish(tolerant(expectation)),
  },
  new Map([
    ["nodes", "did you mean routers?"],
    ["topology", "a containerlab file must be rewritten: routers and links stand at the top"],
  ]),
);

export type TopologyText = v.InferOutput<typeof topologySchema>;
export type RouterText = v.InferOutput<typeof routerBody>;
export type DefaultsText = v.InferOutput<typeof defaults>;
export type GroupText = v.InferOutput<typeof group>;
export type ExpectText = v.InferOutput<typeof expectation>;

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
