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
import type { Prefix } from "../net/prefix.ts";
import { containerKeys, runtimeField } from "./container-fields.ts";
import { described, either } from "./described.ts";
import { expectText } from "./expect-text.ts";
import { memberField, nameField } from "./fields.ts";
import { hostAddressField } from "./host-fields.ts";
import { delayField, lossField, macField, rateField } from "./link-fields.ts";
import { type EndText, type LinkText, linkHint, parseEnd, parseLink, sharedHint } from "./link-text.ts";
import { policyName, rulesText } from "./policy-text.ts";
import { routingKeys } from "./routing-text.ts";
import { linkSession, sessionKeys } from "./session-text.ts";
import { stepText } from "./step-text.ts";
import { kindNames } from "./topology.ts";

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

const onlyOwn = "no two routers have the same: set it at each router";
const onlyRouters = new Map([
  ["router-id", onlyOwn],
  ["link-local", onlyOwn],
]);
const defaults = closed(shared, onlyRouters);
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

const anyBody = either((input) => (isHost(input) ? hostBody : routerBody), [routerBody, hostBody]);

const routerMap = v.pipe(
  v.map(routerName, tolerant(v.nullable(anyBody)), expected("routers", routersHint)),
  v.minSize(1, atLeastOne),
);
const routerList = v.pipe(v.array(tolerant(routerName)), v.minLength(1, atLeastOne));

const linkText = v.pipe(
  v.string(expected("a link", linkHint)),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const { ends, problems } = parseLink(value);
    if (problems.length === 0) return { type: "chain", ends } as LinkText;
    for (const { span, message, hint } of problems) {
      const place = { type: "unknown", origin: "value", input: value, key: span, value } as const;
      addIssue({ message: withHint(message, hint), path: [place] });
    }
    return NEVER;
  }),
);

const endText = v.pipe(
  v.string(expected("the end of a link", sharedHint)),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const end = parseEnd(value, 0);
    if (!("type" in end)) return end;
    const place = { type: "unknown", origin: "value", input: value, key: end.span, value } as const;
    addIssue({ message: withHint(end.message, end.hint), path: [place] });
    return NEVER;
  }),
);

/** Three routers or more on one link. */
const sharedText = v.pipe(
  v.array(endText, expected("a list of routers", sharedHint)),
  v.minLength(1, withHint("a link joins routers", sharedHint)),
  v.transform(
    (ends): LinkText => ({
      type: "shared",
      ends: ends.map((end, index): EndText => ({ ...end, path: [index, ...end.path] })),
    }),
  ),
);

const anyLinkText = either((input) => (Array.isArray(input) ? sharedText : linkText), [linkText, sharedText]);

const ifindex = v.pipe(
  v.number(expected("an interface number")),
  v.check(
    (value) => Number.isInteger(value) && value >= 2 && value <= 0x7fff_ffff,
    ({ input }) =>
      withHint(`ifindex ${input} is not allowed`, "2 to 2147483647; the loopback interface has 1"),
  ),
);
const ifindexesHint = "one number for all ends, or a list with one for each";

const sessionsHint = "write it as { r1: { passive: true } }, with a router of the link";

const macs = v.array(
  v.nullable(macField),
  expected(
    "a list of MAC addresses",
    'write it as ["02:00:00:00:00:01", ~], with ~ for that which fe80 gives',
  ),
);

const longLink = closed(
  {
    link: described(anyLinkText, {
      meaning: "the link as in the short form, quoted, or the list of a shared link",
      without: "required",
    }),
    count: v.optional(
      described(
        v.pipe(
          v.number(expected("a number of links")),
          v.check(
            (value) => Number.isInteger(value) && value >= 1 && value <= 1000,
            ({ input }) => `${input} is not a number of links from 1 to 1000`,
          ),
        ),
        {
          meaning: "how many links there are of this one, side by side, 1 to 1000",
          without: "1",
          json: { type: "integer", minimum: 1, maximum: 1000 },
        },
      ),
    ),
    expect: v.nullish(
      described(
        v.picklist(
          ["established", "down", "none"],
          expected("what is expected", "write established, down or none"),
        ),
        {
          meaning:
            "`established`; `down`: its sessions are set up, but need not come up; `none`: there are no sessions on it",
          without: "`established`",
        },
      ),
    ),
    mtu: v.optional(
      described(
        v.pipe(
          v.number(expected("an MTU in octets")),
          v.check(
            (value) => Number.isInteger(value) && value >= 1280 && value <= 0xffff,
            ({ input }) => withHint(`mtu ${input} is not allowed`, "1280 (RFC 8200 §5) to 65535"),
          ),
        ),
        {
          meaning: "1280 to 65535 octets",
          without: "9500",
          json: { type: "integer", minimum: 1280, maximum: 65535 },
        },
      ),
    ),
    rate: v.nullish(
      described(rateField, {
        meaning: "how much each end may send: a number and `kbit`, `mbit` or `gbit`, such as `10mbit`",
        without: "no limit",
      }),
    ),
    delay: v.nullish(
      described(delayField, {
        meaning:
          "how long what each end sends takes, such as `20ms`; needs the kernel's netem, as the next two do",
        without: "0",
      }),
    ),
    jitter: v.nullish(
      described(delayField, { meaning: "by how much the delay varies, such as `5ms`", without: "0" }),
    ),
    loss: v.nullish(
      described(lossField, {
        meaning: "how much of what each end sends is lost, such as `1%`",
        without: "0%",
      }),
    ),
    ifindex: v.optional(
      described(
        v.lazy((input) =>
          Array.isArray(input) ? v.array(ifindex, expected("numbers", ifindexesHint)) : ifindex,
        ),
        {
          meaning: "the interface's number, one for all ends or a list with one for each",
          without: "the next from 100 on that nobody in the lab has",
          json: {
            anyOf: [
              { type: "integer", minimum: 2 },
              { type: "array", items: { type: "integer", minimum: 2 }, minItems: 2 },
            ],
          },
        },
      ),
    ),
    mac: v.nullish(
      described(macs, {
        meaning: "a list of the MAC addresses of all ends, `~` for one that fe80 chooses",
        without: "`02:fe:80:…`",
      }),
    ),
    sessions: v.nullish(
      described(v.record(v.string(), v.nullable(linkSession), expected("a map of routers", sessionsHint)), {
        meaning: "a map of its routers, by name or pattern, to [Sessions](#sessions) keys",
        without: "what the routers say",
      }),
    ),
  },
  new Map([
    ["endpoints", 'did you mean link? It is written "r1:eth0 -- r2:eth3"'],
    ["bandwidth", "did you mean rate?"],
    ["latency", "did you mean delay?"],
  ]),
);

/** A link in its short or its long form. */
const link = either(
  (input) => (Array.isArray(input) ? sharedText : isObject(input) ? longLink : linkText),
  [linkText, longLink, sharedText],
);

const ofKind = v.nullish(tolerant(kindSettings));
const kindMap = closed({
  speaker: ofKind,
  bird: ofKind,
  frr: ofKind,
  gobgp: ofKind,
  openbgpd: ofKind,
  exabgp: ofKind,
});

/** The whole language. Maps of routers and of groups come as a `Map`, so that their order is that of the file. */
export const topologySchema = closed(
  {
    name: described(tolerant(nameField({ of: "lab", max: 32 })), {
      meaning: "the lab's name: letters, digits, `-` and `_`, at most 32",
      without: "required",
    }),
    include: v.optional(
      described(v.unknown(), {
        meaning: "a list of files that this one completes, see [Fragments](#fragments)",
        without: "none",
        json: { type: ["array", "string"], items: { type: "string" } },
      }),
    ),
    runtime: v.nullish(
      described(tolerant(runtimeField), {
        meaning: "what its routers run in, `netns` or `docker`, unless something below says otherwise",
        without: "`netns`",
      }),
    ),
    defaults: v.nullish(
      described(tolerant(defaults), {
        meaning: "what all routers share: any key of [Routers](#routers) but `router-id` and `link-local`",
      }),
    ),
    kinds: v.nullish(
      described(tolerant(kindMap), {
        meaning: "a map of kinds such as `bird` to what routers of that kind share",
      }),
    ),
    groups: v.nullish(
      described(tolerant(groupMap), {
        meaning: "what some routers share, see [Groups](#groups)",
        without: "no groups",
      }),
    ),
    policies: v.nullish(
      described(policyMap, {
        meaning: "what is done to routes, by name, see [Policies](policy.md)",
        without: "no policies",
      }),
    ),
    routers: described(
      either((input) => (Array.isArray(input) ? routerList : routerMap), [routerMap, routerList]),
      { meaning: "a map of names to [Routers](#routers), or a list of names", without: "required" },
    ),
    links: v.nullish(
      described(
        v.array(tolerant(link), expected("a list of links", "each on a line of its own: - r1 -- r2")),
        {
          meaning: "a list of [Links](#links)",
          without: "no links",
        },
      ),
    ),
    expect: v.nullish(
      described(tolerant(expectText), {
        meaning:
          "when the lab counts as converged, and what must be true of it then, see [Expectations](#expectations)",
      }),
    ),
    steps: v.nullish(
      described(
        v.array(
          tolerant(stepText),
          expected("a list of steps", "each on a line of its own: - do: { kill: r1 }"),
        ),
        {
          meaning: "what is done to the lab by `fe80 test`, and must be true then, see [Steps](steps.md)",
          without: "nothing",
        },
      ),
    ),
  },
  new Map([
    ["nodes", "did you mean routers?"],
    ["topology", "a containerlab file is taken as it is, if it has nodes under topology"],
  ]),
);

export type TopologyText = v.InferOutput<typeof topologySchema>;
export type RouterText = v.InferOutput<typeof routerBody>;
export type HostText = v.InferOutput<typeof hostBody>;
export type DefaultsText = v.InferOutput<typeof defaults>;
export type GroupText = v.InferOutput<typeof group>;
export type LongLinkText = v.InferOutput<typeof longLink>;

/** Whether a body is that of a host, sound or not. */
function isHost(body: unknown): boolean {
  return isObject(body) && (body as { kind?: unknown }).kind === "host";
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
