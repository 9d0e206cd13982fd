import type Docker from "dockerode";
import type { ContainerInfo } from "dockerode";
import t from "tap";
import { Engine } from "../../../src/runtime/docker/engine.ts";
import { runningContainers, runningLabs } from "../../../src/runtime/docker/lab-containers.ts";

/** What an engine lists of a member of a lab. */
function listed(router: string, status: string, lab = "ring"): ContainerInfo {
  const name = `fe80.${lab}.${router}`;
  const state = status.startsWith("Up") ? "running" : "exited";
  const labels = { "fe80.lab": lab, "fe80.router": router };
  return { Id: `id-${name}`, Names: [`/${name}`], Labels: labels, State: state, Status: status };
}

/** An engine that has these containers, and no other thing. */
function engineWith(containers: readonly ContainerInfo[]): Engine {
  const inspect = async () => ({ State: { Pid: 7, Running: true } });
  const docker = { listContainers: async () => containers, getContainer: () => ({ inspect }) };
  return new Engine("unix:///any", docker as unknown as Docker);
}

const engine = engineWith([
  listed("r2", "Up 3 minutes (unhealthy)"),
  listed("r1", "Up 3 minutes (healthy)"),
  listed("r3", "Up 4 seconds (health: starting)"),
  listed("h1", "Up 3 minutes"),
  listed("r4", "Exited (137) 3 seconds ago"),
  listed("_agent", "Up Less than a second"),
  listed("_lan", "Up 3 minutes"),
]);

t.test("a lab is what of it runs, and what the engine has found of its daemons", async (t) => {
  const container = (router: string, health: string) => ({ router, name: `fe80.ring.${router}`, health });
  t.strictSame(await runningLabs(engine), [
    {
      name: "ring",
      routers: ["h1", "r1", "r2", "r3"],
      containers: [container("r1", "healthy"), container("r2", "unhealthy"), container("r3", "starting")],
    },
  ]);
});

t.test("a lab of which nothing runs is there still", async (t) => {
  const left = engineWith([listed("r1", "Created", "half")]);
  t.strictSame(await runningLabs(left), [{ name: "half", routers: [], containers: [] }]);
  t.equal((await runningContainers(left, "half")).size, 0);
});

t.test("what a network is made of is containers that run, agents aside", async (t) => {
  const names = [...(await runningContainers(engine, "ring")).keys()];
  t.strictSame(
    names.sort(),
    ["_lan", "h1", "r1", "r2", "r3"].map((member) => `fe80.ring.${member}`),
  );
});
