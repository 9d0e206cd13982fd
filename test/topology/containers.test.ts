import t from "tap";
import { compile } from "../../src/plan/compile.ts";
import { TopologyError } from "../../src/topology/diagnostic.ts";
import { parseTopology } from "../../src/topology/parse.ts";
import type { RuntimeName } from "../../src/topology/topology.ts";

const topologyOf = (text: string, runtime?: RuntimeName) =>
  parseTopology(
    { file: "lab.yaml", text: `name: lab\n${text}` },
    { environment: {}, runtime, read: () => ({ problem: "none", hint: "none" }) },
  );

const containersOf = (...args: Parameters<typeof topologyOf>) =>
  topologyOf(...args).routers.map(({ container }) => container);

const plain = { image: null, memory: null, cpus: null };

t.test("routers are in namespaces unless something says otherwise, near or far", async (t) => {
  const routers = "routers: { r1: { runtime: docker }, r2: }";
  t.strictSame(containersOf(routers), [plain, undefined]);
  t.strictSame(containersOf("runtime: docker\nrouters: { r1: { runtime: netns }, r2: }"), [undefined, plain]);
  t.strictSame(containersOf("kinds: { frr: { runtime: docker } }\nrouters: { r1: { kind: frr }, r2: }"), [
    plain,
    undefined,
  ]);
});

t.test("the command's word goes over the file's for all, and not over what is said of some", async (t) => {
  const text = "runtime: netns\nrouters: { r1: { runtime: netns }, r2: }";
  t.strictSame(containersOf(text, "docker"), [undefined, plain]);
  t.strictSame(containersOf("runtime: docker\nrouters: [r1]", "netns"), [undefined]);
});

t.test("a container has an image and limits, of a kind or of its own", async (t) => {
  const text = `runtime: docker
kinds: { frr: { image: "frrouting/frr:v8.4.1", memory: 64m } }
defaults: { cpus: 0.5 }
routers: { r1: { kind: frr, memory: 1g }, r2: { cpus: ~ } }`;
  t.strictSame(containersOf(text), [
    { image: "frrouting/frr:v8.4.1", memory: 2 ** 30, cpus: 0.5 },
    { image: null, memory: null, cpus: null },
  ]);
});

t.test("what cannot be is a mistake where it stands", async (t) => {
  const mistakes = (text: string) => {
    try {
      topologyOf(text);
    } catch (error) {
      if (error instanceof TopologyError) return error.diagnostics.map(({ message }) => message);
      throw error;
    }
    return [];
  };
  t.strictSame(mistakes("runtime: podman\nrouters: [r1]"), ['expected what routers run in, found "podman"']);
  t.strictSame(mistakes('routers: { r1: { image: "Big Image", memory: 1k, cpus: 0 } }'), [
    '"Big Image" is not the name of an image',
    '"1k" is not an amount of memory',
    "0 is not a number of processors",
  ]);
});

t.test(
  "what is in containers needs no namespace of the machine's; hosts are where their routers are",
  async (t) => {
    const text = `routers: { r1: { runtime: docker }, r2: , r3: , h1: { kind: host, addresses: [10.0.0.2/24] } }
links: [r1 -- h1, [r1, r2, r3]]`;
    const paths = { netnsDirectory: "/run/netns", runDirectory: "/run/fe80/lab" };
    const mixed = compile(topologyOf(text), paths);
    t.strictSame(
      mixed.nodes.map(({ router }) => router.netns),
      [null, "/run/netns/fe80.lab.r2", "/run/netns/fe80.lab.r3"],
    );
    t.strictSame(
      mixed.hosts.map(({ container }) => container),
      [plain],
    );
    t.strictSame(
      mixed.segments.map(({ container }) => container),
      [undefined],
    );
    const { segments } = compile(topologyOf(text, "docker"), paths);
    t.strictSame(
      segments.map(({ container }) => container),
      [plain],
    );
  },
);
