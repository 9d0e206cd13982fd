import t from "tap";
import { daemonsOf, programsOf } from "../../src/kinds/kinds.ts";
import { shippedPlan } from "../support/lab-status.ts";

const context = {
  directory: "/run/fe80/lab",
  speaker: { node: "/usr/bin/node", program: "/opt/fe80-speaker.ts" },
};

t.test("routers are dealt out over the processes in contiguous slices of nearly the same size", async (t) => {
  const ring = shippedPlan("ring-6");
  const names = ring.nodes.map(({ name }) => name);
  for (const [processes, sizes] of [
    [1, [6]],
    [4, [1, 2, 1, 2]],
    [64, [1, 1, 1, 1, 1, 1]],
  ] as const) {
    const daemons = daemonsOf(ring, { ...context, processes });
    t.strictSame(
      daemons.map(({ routers }) => routers.length),
      sizes,
    );
    t.strictSame(
      daemons.flatMap(({ routers }) => routers),
      names,
    );
  }
});

t.test(
  "a speaker gets its routers' configuration on standard input, and answers on its socket",
  async (t) => {
    const pair = shippedPlan("seed-pair");
    const [daemon] = daemonsOf(pair, { ...context, processes: 1 });
    t.strictSame(daemon?.command, ["/usr/bin/node", "/opt/fe80-speaker.ts", "/dev/stdin"]);
    t.equal(daemon?.netns, undefined);
    t.strictSame(daemon?.probe, { type: "control", socket: "/run/fe80/lab/speaker-1.sock" });
    t.strictSame(JSON.parse(daemon?.input ?? ""), {
      control: "/run/fe80/lab/speaker-1.sock",
      routers: pair.nodes.map(({ router }) => router),
    });
  },
);

t.test("no two daemons share a file, even if a router has a daemon's name", async (t) => {
  const plan = shippedPlan("pair-with-bird");
  const daemons = daemonsOf(plan, { ...context, processes: 8 });
  t.strictSame(
    daemons.map(({ name }) => name),
    ["speaker-1", "bird-r2"],
  );
  t.ok(daemons.every(({ name, log }) => log !== `/run/fe80/lab/${name}.log`));
});

t.test("only foreign kinds need a program of the machine's", async (t) => {
  t.strictSame(programsOf(shippedPlan("seed-pair")), []);
  t.strictSame(programsOf(shippedPlan("pair-with-bird")), [{ program: "bird", package: "bird2" }]);
});
