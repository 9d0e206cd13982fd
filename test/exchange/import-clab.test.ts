import t from "tap";
import { openClab } from "../../src/exchange/clab-form.ts";
import { TopologyError } from "../../src/topology/diagnostic.ts";
import { imported } from "./clab.ts";

/** A file with these nodes and links; the nodes begin in line 3. */
const lab = (nodes: string, links = "") => `name: lab\ntopology:\n  nodes: ${nodes}\n  links: [${links}]\n`;

/** The first lines of all mistakes in a file, and the hints. */
function mistakes(text: string): string[] {
  try {
    imported(text);
  } catch (error) {
    if (error instanceof TopologyError) {
      return error.diagnostics.map(
        ({ line, column, message, hint }) => `${line}:${column} ${message} | ${hint}`,
      );
    }
    throw error;
  }
  return [];
}

t.test("a file is known by its topology with nodes in it", async (t) => {
  const is = (text: string) => openClab({ file: "x.yml", text }) !== undefined;
  t.ok(is("name: x\ntopology:\n  nodes: { a: }"));
  t.ok(is('{ "name": "x", "topology": { "nodes": {} } }'), "JSON is YAML");
  t.notOk(is("name: topology\nrouters: [a]"));
  t.notOk(is("name: x\ntopology:\n  routers: [a]"));
  t.notOk(is("# topology: nodes\nname: ["));
});

t.test("nodes, kinds, groups, defaults and both forms of a link are read", async (t) => {
  const text = `
name: demo
topology:
  defaults: { kind: linux }
  kinds: { linux: { image: "bird:2.0" } }
  groups:
    spines: { image: "ghcr.io/fe80/fe80:latest" }
  nodes:
    spine1: { group: spines }
    leaf1:
    leaf2: { image: registry:5000/bird/bird@sha256:00 }
  links:
    - endpoints: ["spine1:eth1", "leaf1:eth1"]
    - type: veth
      mtu: 1500
      endpoints:
        - { node: spine1, interface: eth2 }
        - { node: leaf2, interface: eth1, mac: 06:00:00:00:00:01 }
`;
  const result = imported(text);
  t.equal(
    result.text,
    `# From the containerlab file x.clab.yml.
name: demo

routers:
  spine1:
  leaf1: { kind: bird }
  leaf2: { kind: bird }

links:
  - spine1:eth1 -- leaf1:eth1
  - { link: "spine1:eth2 -- leaf2:eth1", mtu: 1500, mac: [null, "06:00:00:00:00:01"] }
`,
  );
  t.strictSame(result.warnings, []);
});

t.test("a node over its group over its kind over the defaults", async (t) => {
  const text = `
name: lab
topology:
  defaults: { kind: linux, image: fe80 }
  kinds: { linux: { image: bird }, other: { image: bird } }
  groups: { g: { image: fe80 } }
  nodes: { a: , b: { group: g }, c: { group: g, image: bird } }
`;
  t.match(imported(text).text, "  a: { kind: bird }\n  b:\n  c: { kind: bird }\n");
});

t.test("variables are those of the environment, with containerlab's defaults", async (t) => {
  const text = lab(`{ a: { kind: linux, image: '\${IMAGE:=bird}:\${TAG:-1}', env: { X: '\${UNSET}' } } }`);
  t.match(imported(text).text, "a: { kind: bird }");
  t.match(imported(text, { environment: { IMAGE: "fe80" } }).text, /^ {2}a:$/m);
  t.match(mistakes(lab(`{ a: { kind: linux, image: 'fe80:\${UNSET}' } }`)), [
    /the environment variable UNSET is not set/,
  ]);
});

t.test("what means nothing is left out with one warning for each key", async (t) => {
  const nodes =
    "{ a: { kind: linux, image: fe80, binds: [x], exec: [y] }, b: { kind: linux, image: fe80, binds: [z] } }";
  const text = `mgmt: { network: x }\n${lab(nodes, '{ endpoints: [{ node: a, interface: Gigabit/0/0/0, vlan: 7 }, "b:ethernet-1/2"], vars: {} }')}`;
  const result = imported(text);
  t.match(result.text, "  - a -- b:e1-2\n");
  t.strictSame(
    result.warnings.map((warning) => warning.replace(/^x\.clab\.yml:\d+:\d+: warning: /, "")),
    [
      "mgmt means nothing to fe80, and is left out wherever it stands",
      "binds means nothing to fe80, and is left out wherever it stands",
      "exec means nothing to fe80, but for the addresses of hosts",
      "Gigabit/0/0/0 cannot be an interface here: a gets one called eth…",
      "vlan means nothing to fe80, and is left out wherever it stands",
      "vars means nothing to fe80, and is left out wherever it stands",
    ],
  );
});

t.test("kinds and images that cannot be run are one mistake each, or become our routers", async (t) => {
  const text = lab(
    "{ a: { kind: nokia_srlinux }, b: { kind: nokia_srlinux }, c: { kind: linux, image: 'x/quagga:10' }, d: { kind: vrnetlab_bridge }, e: }",
  );
  t.match(mistakes(text), [
    /^3:23 fe80 cannot run the kind nokia_srlinux \| --replace-kind nokia_srlinux=speaker makes/,
    /^3:93 fe80 cannot run the image x\/quagga:10 \| --replace-kind linux=speaker/,
    /^3:121 fe80 cannot run the kind vrnetlab_bridge/,
    /^3:140 e has no kind \| write kind: linux/,
  ]);
  const sound = lab(
    "{ a: { kind: nokia_srlinux }, b: { kind: ceos } }",
    '{ endpoints: ["a:e1-1", "b:eth1"] }',
  );
  t.match(
    imported(sound, { replace: { nokia_srlinux: "speaker", ceos: "bird" } }).text,
    "  a:\n  b: { kind: bird }",
  );
});

t.test("a container that routes nothing is a host, with one link to a router", async (t) => {
  const nodes =
    "{ a: { kind: linux, image: fe80 }, h: { kind: linux, image: 'alpine:3' }, g: { kind: linux } }";
  const links = (...pairs: string[]) =>
    lab(nodes, pairs.map((pair) => `{ endpoints: [${pair}] }`).join(", "));
  const sound = imported(links('"a:eth1", "h:eth1"', '"g:eth1", "a:eth2"')).text;
  t.match(sound, "  a:\n  h: { kind: host }\n  g: { kind: host }\n");
  t.match(mistakes(links('"a:eth1", "h:eth1"', '"h:eth2", "g:eth2"')), [
    /the host h has 2 links \| .*--replace-kind linux=speaker/,
    /the host g is linked with a host/,
  ]);
});

t.test("commands that give a host addresses on its link are read, and others left out", async (t) => {
  const exec = (...commands: string[]) =>
    lab(
      `{ a: { kind: linux, image: fe80 }, h: { kind: linux, exec: ${JSON.stringify(commands)} } }`,
      '{ endpoints: ["a:eth1", "h:eth1"] }',
    );
  const { text, warnings } = imported(
    exec(
      "ip addr add 10.1.0.10/24 dev eth1",
      "ip -6 a a 2001:db8::10/64 dev eth1",
      "ip addr add 10.2.0.1/24 dev eth0",
    ),
  );
  t.match(text, '  h: { kind: host, addresses: [10.1.0.10/24, "2001:db8::10/64"] }\n');
  t.match(warnings, [/exec means nothing to fe80, but for the addresses of hosts/]);
  t.match(mistakes(exec("ip addr add 10.1.0.1/24 dev eth1")), [
    /^3:\d+ 10\.1\.0\.1 is for the router, as the first address of 10\.1\.0\.0\/24 \| give the host another/,
  ]);
});

t.test("what is wrong with a file is told of at once, each with its place", async (t) => {
  const node = "{ kind: linux, image: fe80 }";
  const links = [
    '{ endpoints: ["a:eth1", "c:eth1"] }',
    '{ endpoints: ["a:eth1"] }',
    '{ endpoints: ["a:eth2", "a:eth3"] }',
    '{ endpoints: ["host:x", "a:eth4"] }',
    "{ type: macvlan, endpoint: { node: a } }",
    '{ endpoints: ["a:eth5", "b:eth1"] }',
    '{ endpoints: ["a:eth5", "b:eth2"] }',
    "7",
  ].join(", ");
  const found = mistakes(lab(`{ a: ${node}, b: ${node}, "no.dots": ${node} }`, links));
  for (const part of [
    '"no.dots" cannot be the name of a router',
    'no node is called "c"',
    "a link has two endpoints",
    "both ends of the link are at a",
    "a link of type host leads out of the lab",
    "a link of type macvlan leads out of the lab",
    "a:eth5 is taken by the link in line 4",
    "a link is a map",
  ]) {
    t.ok(
      found.some((line) => line.includes(part)),
      part,
    );
  }
  t.match(mistakes("topology: { nodes: { a: { kind: linux, image: fe80 } } }"), [/the lab has no name/]);
  t.match(mistakes("name: x\nrouters: [a]"), [/^1:1 this is no containerlab file/]);
  t.match(mistakes("name: ["), [/./]);
});

t.test("a bridge becomes a link that its nodes share", async (t) => {
  const nodes =
    "{ a: { kind: r }, b: { kind: r }, c: { kind: r }, br: { kind: bridge }, two: { kind: ovs-bridge }, one: { kind: bridge } }";
  const links = [
    '{ endpoints: ["a:eth1", "br:p1"] }',
    '{ endpoints: ["a:eth2", "two:p1"] }',
    '{ endpoints: ["br:p2", "b:eth1"], mtu: 1500 }',
    '{ endpoints: ["c:eth1", "br:p3"] }',
    '{ endpoints: ["two:p2", "c:eth2"] }',
    '{ endpoints: ["c:eth3", "one:p1"] }',
  ];
  const { text, warnings } = imported(lab(nodes, links.join()), { replace: { r: "speaker" } });
  t.match(
    text,
    `routers:
  a:
  b:
  c:

links:
  - { link: ["a:eth1", "b:eth1", "c:eth1"], mtu: 1500 }
  - a:eth2 -- c:eth2
`,
  );
  t.match(warnings, [/the bridge one joins nothing, and is left out with its link$/]);
  t.strictSame(
    mistakes(lab("{ br: { kind: bridge }, cr: { kind: bridge } }", '{ endpoints: ["br:1", "cr:1"] }')),
    ["4:11 the link joins two bridges | make one bridge of both"],
  );
  t.match(
    mistakes(lab("{ h: { kind: linux }, br: { kind: bridge } }", '{ endpoints: ["h:eth1", "br:1"] }')),
    [/^3:12 the host h is linked with a bridge \| a host has one link/],
  );
});

t.test("a file with more nodes than may be is told so at the first of them", async (t) => {
  const nodes = Array.from({ length: 5_001 }, (_, index) => `n${index}: `).join(", ");
  t.strictSame(
    mistakes(lab(`{ ${nodes} }`)).map((line) => line.slice(line.indexOf(" ") + 1)),
    [
      "the file has more than 5000 nodes or 10000 links | larger labs are written in fe80's own form, with ranges and patterns",
    ],
  );
});
