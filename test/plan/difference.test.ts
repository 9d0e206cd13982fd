import fc from "fast-check";
import t from "tap";
import { type NetworkChange, networkDifference } from "../../src/plan/difference.ts";
import { inherit } from "../../src/plan/inherit.ts";
import type { LinkEndPlan, Plan } from "../../src/plan/plan.ts";
import { applyChanges } from "../support/apply-changes.ts";
import { planOf } from "../support/lab-status.ts";

/** The lab before, in which everything is. */
const base = {
  routers: { r1: "originate: [10.0.1.0/24]", r2: "", r3: "", r4: "", r5: "" },
  hosts: { h1: "kind: host, addresses: [172.16.0.2/24]" },
  links: ["r1 -- r2", "r2 -- r3", "[r1, r3, r4]", "h1 -- r5", "r4 -- r5"],
};

type Sketch = {
  readonly routers: Readonly<Record<string, string>>;
  readonly hosts: Readonly<Record<string, string>>;
  readonly links: readonly string[];
};

function sketch({ routers, hosts, links }: Sketch): Plan {
  const map = (items: Readonly<Record<string, string>>) =>
    Object.entries(items).map(([name, body]) => `  ${name}: { ${body} }`);
  const linkLines = links.map((link) => `  - ${link}`);
  return planOf(
    ["name: lab", "routers:", ...map({ ...hosts, ...routers }), "links:", ...linkLines].join("\n"),
  );
}

function differenceTo(change: Partial<Sketch>, { sure = true } = {}): readonly NetworkChange[] {
  const before = sketch(base);
  return networkDifference(before, inherit(sketch({ ...base, ...change }), before), { sure });
}

/** A step in a few words. */
function words(change: NetworkChange): string {
  const ends = (list: readonly { router: string; ifname: string }[]) =>
    list.map(({ router, ifname }) => `${router}:${ifname}`).join(" -- ");
  switch (change.type) {
    case "unlink":
      return `unlink ${ends(change.ends)}`;
    case "removeBridge":
      return `remove ${change.bridge}`;
    case "removeRouter":
    case "removeHost":
      return `remove ${change.name}`;
    case "addRouter":
      return `add ${change.node.name}`;
    case "addHost":
      return `add ${change.host.name}`;
    case "link":
      return `link ${ends(change.link.ends)}`;
    case "plug":
      return `plug ${ends(change.segment.ends)} into ${change.segment.bridge}`;
    case "setLink": {
      const { mtu, conditions } = change;
      const told = JSON.stringify({ mtu, conditions });
      return `set ${ends(change.ends)}${change.bridge ? ` of ${change.bridge.bridge}` : ""}: ${told}`;
    }
    case "setLoopback":
      return `${change.name} has ${change.addresses}`;
    default:
      return change satisfies never;
  }
}

/** What changes in the file, and all that follows from it. */
const cases: readonly [Partial<Sketch>, readonly string[]][] = [
  [{}, []],
  [
    { routers: { ...base.routers, r6: "" }, links: [...base.links, "r5 -- r6"] },
    ["add r6", "link r5:eth2 -- r6:eth0"],
  ],
  [{ links: base.links.slice(0, -1) }, ["unlink r4:eth1 -- r5:eth1"]],
  [{ links: ["r1:eth7 -- r3:eth7", ...base.links] }, ["link r1:eth7 -- r3:eth7"]],
  [
    { links: base.links.map((link) => link.replace("[r1, r3, r4]", "[r1, r2:lan0, r3, r4]")) },
    ["plug r2:lan0 into lan1"],
  ],
  [
    { links: base.links.map((link) => link.replace("[r1, r3, r4]", "[r1, r3, r5:lan0]")) },
    ["unlink r4:eth1 -- r5:eth1", "unlink r4:eth0", "link r4:eth0 -- r5:eth1", "plug r5:lan0 into lan1"],
  ],
  [
    {
      links: base.links
        .filter((link) => !link.startsWith("["))
        .map((link) => link.replace("r4 ", "r4:eth1 ")),
    },
    ["unlink r1:eth1", "unlink r3:eth1", "unlink r4:eth0", "remove lan1"],
  ],
  [
    { links: ["{ link: r1 -- r2, mtu: 9000, delay: 5ms }", ...base.links.slice(1)] },
    ['set r1:eth0 -- r2:eth0: {"mtu":9000,"conditions":{"rate":null,"delay":5000,"jitter":0,"loss":0}}'],
  ],
  [
    {
      links: base.links.map((link) => (link.startsWith("[") ? "{ link: [r1, r3, r4], mtu: 1400 }" : link)),
    },
    ['set r1:eth1 -- r3:eth1 -- r4:eth0 of lan1: {"mtu":1400}'],
  ],
  [
    { links: ["{ link: r1 -- r2, ifindex: 7 }", ...base.links.slice(1)] },
    ["unlink r1:eth0 -- r2:eth0", "link r1:eth0 -- r2:eth0"],
  ],
  [{ routers: { ...base.routers, r1: "originate: [10.0.9.0/24]" } }, ["r1 has 10.0.9.1"]],
  [
    { routers: { ...base.routers, r5: "link-local: 'fe80::55'" } },
    [
      "unlink r4:eth1 -- r5:eth1",
      "unlink h1:eth0 -- r5:eth0",
      "remove h1",
      "add h1",
      "link r4:eth1 -- r5:eth1",
      "link h1:eth0 -- r5:eth0",
    ],
  ],
  [
    { hosts: { h1: "kind: host, addresses: [172.16.0.3/24]" } },
    ["unlink h1:eth0 -- r5:eth0", "remove h1", "add h1", "link h1:eth0 -- r5:eth0"],
  ],
  [
    { routers: { ...base.routers, r2: "kind: bird" } },
    [
      "unlink r1:eth0 -- r2:eth0",
      "unlink r2:eth1 -- r3:eth0",
      "remove r2",
      "add r2",
      "link r1:eth0 -- r2:eth0",
      "link r2:eth1 -- r3:eth0",
    ],
  ],
];

t.test("what is the same is left alone, and all else has its steps", async (t) => {
  for (const [change, expected] of cases) {
    t.strictSame(differenceTo(change).map(words), expected, JSON.stringify(change));
  }
});

t.test("the bridges of a lab stay where they are, whoever comes", async (t) => {
  const contained = "runtime: docker";
  const before = sketch({
    routers: { r1: contained, r2: contained, r3: contained },
    hosts: {},
    links: ["[r1, r2, r3]"],
  });
  const target = sketch({
    routers: { r1: contained, r2: contained, r3: contained, r4: "" },
    hosts: {},
    links: ["[r1, r2, r3, r4]"],
  });
  t.ok(before.segments[0]?.container);
  t.notOk(target.segments[0]?.container);
  const after = inherit(target, before);
  t.strictSame(after.segments[0]?.container, before.segments[0]?.container);
  t.strictSame(networkDifference(before, after, { sure: true }).map(words), [
    "add r4",
    "plug r4:eth0 into lan1",
  ]);
});

t.test("after a change that did not end, all that can change in place is set again", async (t) => {
  const steps = differenceTo({}, { sure: false }).map(words);
  t.equal(steps.filter((step) => step.startsWith("set ")).length, base.links.length);
  t.ok(steps.includes("r1 has 10.0.1.1"));
  t.notOk(steps.some((step) => /^(un)?link|^add|^remove|^plug/.test(step)));
});

/** The network of a plan, in an order that means nothing. */
function network({ nodes, hosts, links, segments }: Plan) {
  const sorted = <T>(items: readonly T[]) => items.map((item) => JSON.stringify(item)).sort();
  const end = ({ given: _, ...rest }: LinkEndPlan) => rest;
  return {
    nodes: sorted(
      nodes.map(({ name, kind, netns, container, loopback }) => ({
        ...{ name, kind, netns, container },
        loopback: sorted(loopback),
      })),
    ),
    hosts: sorted(hosts),
    links: sorted(links.map((link) => ({ ...link, ends: sorted(link.ends.map(end)) }))),
    segments: sorted(
      segments.map(({ container, ends, ...rest }) => ({ ...rest, container, ends: sorted(ends.map(end)) })),
    ),
  };
}

const names = ["r1", "r2", "r3", "r4", "r5"];
const router = fc.constantFrom(
  "",
  "originate: [10.1.0.0/16]",
  "originate: [10.2.0.0/16]",
  "runtime: docker",
  "runtime: docker, memory: 1g",
);
const link = fc
  .record({
    members: fc.uniqueArray(fc.constantFrom(...names), { minLength: 2, maxLength: 4 }),
    extra: fc.constantFrom("", "mtu: 9000", "delay: 1ms", "mtu: 1400"),
  })
  .map(({ members, extra }) => {
    const [a, b, ...more] = members;
    const ends = more.length === 0 ? `${a} -- ${b}` : `[${members}]`;
    return `{ link: ${ends}, expect: none${extra === "" ? "" : `, ${extra}`} }`;
  });
const plans = fc
  .record({
    routers: fc.record(Object.fromEntries(names.map((name) => [name, router]))),
    isHosted: fc.boolean(),
    /** Which moves the places of all others, and so their addresses. */
    isLed: fc.boolean(),
    links: fc.uniqueArray(link, { minLength: 1, maxLength: 6 }),
  })
  .map(({ routers, isHosted, isLed, links }) =>
    sketch({
      routers: isLed ? { r0: "", ...routers } : routers,
      hosts: isHosted ? base.hosts : {},
      links: [...links, ...(isHosted ? ["h1 -- r1:host0"] : [])],
    }),
  );

t.test("the steps from any plan to any other lead there, and then there are none", async (t) => {
  fc.assert(
    fc.property(plans, plans, (before, target) => {
      const after = inherit(target, before);
      const there = applyChanges(before, networkDifference(before, after, { sure: true }));
      const left = networkDifference(there, inherit(target, there), { sure: true });
      return t.strictSame(network(there), network(after)) && t.strictSame(left, []);
    }),
  );
});
