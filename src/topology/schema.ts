import * as v from "valibot";
import { closed } from "../bgp/config/closed.ts";
import { expected } from "../bgp/config/message.ts";
import { runtimeField } from "./container-fields.ts";
import { described } from "./described.ts";
import { expectText } from "./expect-text.ts";
import { nameField } from "./fields.ts";
import { link } from "./link-forms.ts";
import { policyName, rulesText } from "./policy-text.ts";
import { defaults, groupMap, kindMap, routers } from "./router-text.ts";
import { stepText } from "./step-text.ts";
import { tolerant } from "./tolerant.ts";

const policyMap = v.map(
  policyName,
  tolerant(rulesText),
  expected("policies", "write a map { customers: [{ match: { prefix: [10.0.0.0/8] } }, reject] }"),
);

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
    routers: described(routers, {
      meaning: "a map of names to [Routers](#routers), or a list of names",
      without: "required",
    }),
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
