import { execFileSync, spawnSync } from "node:child_process";
import type { Plan } from "../src/plan/plan.ts";

/** The same network by other means; each gives milliseconds. */
export interface Times {
  readonly make: number;
  readonly remove: number;
}

/** `ip -batch`: one for namespaces and links, one in each namespace for addresses, none for sysctls. */
export function ipBatch(plan: Plan): Times {
  const nameOf = (router: string) => `fe80.${plan.lab}.${router}`;
  const ends = Map.groupBy(
    plan.links.flatMap((link) => link.ends),
    ({ router }) => router,
  );
  const make = [
    ...plan.nodes.map(({ netns }) => `netns add ${netns}`),
    ...plan.links.map(
      ({ ends: [a, b] }) =>
        `link add ${a.ifname} netns ${nameOf(a.router)} type veth peer name ${b.ifname} netns ${nameOf(b.router)}`,
    ),
  ];
  const scripts = plan.nodes.map(({ name, netns, loopback }) => {
    const own = (ends.get(name) ?? []).flatMap(({ ifname, linkLocal }) => [
      `link set ${ifname} up`,
      `addr add ${linkLocal}/64 dev ${ifname} nodad`,
    ]);
    const lo = loopback.map((address) => `addr add ${address}/32 dev lo`);
    return { netns, lines: ["link set lo up", ...lo, ...own] };
  });
  return {
    make: timed(() => {
      batch([], make);
      for (const { netns, lines } of scripts) batch(["-n", netns], lines);
    }),
    remove: timed(() =>
      batch(
        [],
        plan.nodes.map(({ netns }) => `netns del ${netns}`),
      ),
    ),
  };
}

/** Mininet's own nodes and links; undefined where it is not installed. */
export function mininet(plan: Plan): Times | undefined {
  const numbers = new Map(plan.nodes.map(({ name }, index) => [name, index]));
  const links = plan.links.map(({ ends }) => ends.map(({ router }) => numbers.get(router)).join(","));
  const program = `
import time
from mininet.node import Node
from mininet.link import Link
start = time.time()
nodes = [Node("n%d" % number, inNamespace=True) for number in range(${plan.nodes.length})]
made = []
for a, b in [${links.map((link) => `(${link})`).join(",")}]:
    made.append(Link(nodes[a], nodes[b]))
for node in nodes:
    for intf in node.intfList():
        intf.ifconfig("up")
up = time.time()
for link in made:
    link.delete()
for node in nodes:
    node.terminate()
print((up - start) * 1000, (time.time() - up) * 1000)
`;
  const { status, stdout } = spawnSync("/usr/bin/python3", ["-c", program], { encoding: "utf8" });
  if (status !== 0) return undefined;
  const [make = Number.NaN, remove = Number.NaN] =
    stdout.trim().split("\n").at(-1)?.split(" ").map(Number) ?? [];
  return { make, remove };
}

function batch(options: readonly string[], lines: readonly string[]): void {
  execFileSync("ip", [...options, "-batch", "-"], { input: `${lines.join("\n")}\n` });
}

export function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
