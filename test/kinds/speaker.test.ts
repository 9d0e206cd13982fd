import t from "tap";
import { daemonsOf, programsOf } from "../../src/kinds/kinds.ts";
import { nodeOptions } from "../../src/kinds/speaker-command.ts";
import type { NodePlan, Plan } from "../../src/plan/plan.ts";
import { shippedPlan } from "../support/lab-status.ts";

const context = {
  directory: "/run/fe80/lab",
  speaker: { node: "/usr/bin/node", program: "/opt/fe80-speaker.ts" },
};

t.test(
  "routers are dealt out over processes in contiguous slices, sixty-four at least to each",
  async (t) => {
    const [node] = shippedPlan("seed-pair").nodes;
    const planOf = (size: number): Plan => {
      const nodes = Array.from({ length: size }, (_, index) => ({ ...node, name: `r${index}` }) as NodePlan);
      return { ...shippedPlan("seed-pair"), nodes };
    };
    for (const { routers, processes, sizes } of [
      { routers: 1, processes: 8, sizes: [1] },
      { routers: 64, processes: 8, sizes: [64] },
      { routers: 65, processes: 8, sizes: [32, 33] },
      { routers: 160, processes: 8, sizes: [53, 54, 53] },
      { routers: 400, processes: 2, sizes: [200, 200] },
      { routers: 3, processes: "isolated", sizes: [1, 1, 1] },
    ] as const) {
      const plan = planOf(routers);
      const daemons = daemonsOf(plan, { ...context, processes });
      const dealt = daemons.map((daemon) => daemon.routers);
      t.strictSame(
        dealt.map(({ length }) => length),
        sizes,
      );
      t.strictSame(
        dealt.flat(),
        plan.nodes.map(({ name }) => name),
      );
    }
  },
);

t.test(
  "a speaker gets its routers' configuration on standard input, and answers on its socket",
  async (t) => {
    const pair = shippedPlan("seed-pair");
    const [daemon] = daemonsOf(pair, { ...context, processes: 1 });
    const [node, ...rest] = daemon?.command ?? [];
    t.strictSame([node, ...rest.slice(-2)], ["/usr/bin/node", "/opt/fe80-speaker.ts", "/dev/stdin"]);
    t.strictSame(rest.slice(0, -2), nodeOptions);
    t.strictSame(daemon?.place, { type: "machine" });
    t.strictSame(daemon?.probe, {
      type: "control",
      socket: { path: "/run/fe80/lab/speaker-1.sock", container: undefined },
    });
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
