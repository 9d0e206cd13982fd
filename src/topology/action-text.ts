import * as v from "valibot";
import { closed } from "../bgp/config/closed.ts";
import { originatedField } from "../bgp/config/fields.ts";
import { expected, withHint } from "../bgp/config/message.ts";
import { described, either, part } from "./described.ts";
import { durationField, memberField } from "./fields.ts";
import { routingKeys } from "./routing-text.ts";
import { sessionKeys } from "./session-text.ts";
import { oneOrMore, targetsField } from "./target-text.ts";

const texts = { type: ["string", "array"], items: { type: "string" } };
const memberHint = 'write a name, a pattern such as "leaf*", or a list of them';
const membersField = oneOrMore(memberField, "routers", memberHint);

const onTargets = (meaning: string) => part(targetsField, { meaning, json: texts });
const onRouters = (meaning: string) => part(membersField, { meaning, json: texts });

const flap = closed({
  link: described(targetsField, { meaning: "as `link-down` has it", without: "required", json: texts }),
  for: part(v.pipe(durationField, v.minValue(1, "a flap takes some time")), {
    meaning: "how long it is down",
    without: "100ms",
    json: { type: ["number", "string"] },
  }),
});

const flapOrTargets = v.lazy((input) =>
  typeof input === "object" && !Array.isArray(input)
    ? flap
    : v.pipe(
        targetsField,
        v.transform((link): v.InferOutput<typeof flap> => ({ link })),
      ),
);

const groupsHint = "write it as [[r1, r2], [r3]], or as [[r1]] for r1 alone and all the others";
const groups = v.pipe(
  v.array(
    v.pipe(
      v.array(memberField, expected("a group of routers", groupsHint)),
      v.minLength(1, withHint("a group needs a router", groupsHint)),
    ),
    expected("groups of routers", groupsHint),
  ),
  v.minLength(1, withHint("a partition needs a group", groupsHint)),
);

const announcement = closed({
  router: described(memberField, {
    meaning: "the router, or several: `leaf*`",
    without: "required",
    json: { type: "string" },
  }),
  prefixes: described(oneOrMore(originatedField, "prefixes", "write it as [10.0.9.0/24]"), {
    meaning: "the prefixes, or one alone",
    without: "required",
    json: texts,
  }),
});

/** What a router or the end of a link can be told anew. */
const settings = closed({ ...sessionKeys, ...routingKeys });

const settingsHint = 'write it as { r1: { med: 50 } }, or as { "r1:eth0": { passive: true } }';

/** What a step does: a key a thing, all at once. */
const actions = v.pipe(
  closed({
    "link-down": onTargets(
      "interfaces are set down, and have no carrier at their other ends: `r1:eth0`, or for a link `r1 -- r2` that at its first end",
    ),
    "link-up": onTargets("interfaces are set up again; for a link those at both of its ends"),
    "link-flap": part(flapOrTargets, {
      meaning: "down and up again: as `link-down` has it, or `{ link: r1:eth0, for: 300ms }`",
      json: { type: ["string", "array", "object"], items: { type: "string" } },
    }),
    blackhole: onTargets(
      "what interfaces receive is dropped, so that only timers notice; for a link both of its directions",
    ),
    unblackhole: onTargets("nothing is dropped any more"),
    stop: onRouters("the processes of routers are ended, as by SIGTERM"),
    start: onRouters("they are started again"),
    restart: onRouters("both"),
    kill: onRouters("they are ended by SIGKILL, and tell their peers nothing"),
    pause: onRouters("they are halted by SIGSTOP: their connections stay, and nobody answers on them"),
    resume: onRouters("they go on"),
    partition: part(groups, {
      meaning:
        "no link between routers of different groups lets anything through: `[[a*, b*], [c*]]`; who is in none is in one with the others",
      json: { type: "array", items: { type: "array", items: { type: "string" } } },
    }),
    heal: v.optional(
      described(v.nullable(v.literal(true)), {
        meaning: "`heal:` undoes all that was done so far to links and to processes",
        json: { enum: [true, null] },
      }),
    ),
    reset: onTargets("sessions are ended and start over: `r1:eth0`, on a shared link `r1:eth0/fe80::3`"),
    "soft-reset": onTargets("sessions ask for all routes again (RFC 2918)"),
    announce: part(announcement, {
      meaning: "a router originates more: `{ router: r1, prefixes: [10.0.9.0/24] }`",
    }),
    withdraw: part(announcement, { meaning: "a router does not originate them any more" }),
    configure: part(v.record(v.string(), settings, expected("settings", settingsHint)), {
      meaning:
        "a map of routers, `leaf*`, or ends of links, `r1:eth0`, to keys of [Sessions](topology.md#sessions) and, for routers, of [Routes](topology.md#routes), over what they had",
    }),
  }),
  v.check(
    (text) => Object.keys(text).length > 0,
    withHint("nothing is to be done", "write it as { kill: r1 }"),
  ),
);

export type ActionsText = v.InferOutput<typeof actions>;

const doHint = "write what is to be done as { kill: r1 }, or as a list of such maps";

/** The word for `{ heal: }`, which has nothing beside it. */
const healing = v.pipe(
  v.picklist(["heal"], expected("what is to be done", doHint)),
  v.transform((): ActionsText => ({ heal: null })),
);

const someActions = either((input) => (typeof input === "string" ? healing : actions), [actions, healing]);
const listOfActions = v.pipe(
  v.array(someActions, expected("a list of what is to be done", doHint)),
  v.minLength(1, withHint("nothing is to be done", doHint)),
);

/** All that a step does at once. */
export const doField = either(
  (input) => (Array.isArray(input) ? listOfActions : someActions),
  [someActions, listOfActions],
);

export type DoText = v.InferOutput<typeof doField>;
