import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import t from "tap";
import { netnsPath } from "../../src/linux/netns.ts";
import { Rtnetlink } from "../../src/linux/rtnetlink/rtnetlink.ts";
import type { LinkEndPlan } from "../../src/plan/plan.ts";
import type { PlanDescription } from "../../src/report/plan-description.ts";
import { fe80, file, traces } from "./command.ts";

const lab = "as-planned";
const text = `
name: ${lab}
routers:
  r1: { originate: [10.0.1.0/24, "2001:db8:1::/48"] }
  r2: { kind: bird, originate: [10.0.2.0/24] }
  r3:
  h1: { kind: host, addresses: [10.1.0.10/24] }
links:
  - r1 -- r2
  - { link: "r2:up -- r3:down", mtu: 1500, ifindex: [200, 300] }
  - h1 -- r3
`;

/** Below it are interfaces that the kernel makes by itself. */
const firstIfindex = 100;

/** What a namespace has: its interfaces, and the addresses that they were given. */
function namespace(netns: string): { interfaces: string[]; addresses: string[] } {
  using rtnetlink = Rtnetlink.open(netnsPath(netns));
  const links = rtnetlink.links().filter(({ ifindex }) => ifindex >= firstIfindex);
  const own = rtnetlink.addresses().filter(({ address }) => address !== "127.0.0.1" && address !== "::1");
  return {
    interfaces: links.map(({ ifname, ifindex, mac, mtu }) => `${ifname} ${ifindex} ${mac} ${mtu}`).sort(),
    addresses: own.map(({ ifindex, address, length }) => `${ifindex} ${address}/${length}`).sort(),
  };
}

function planned({ nodes, links }: PlanDescription, name: string): ReturnType<typeof namespace> {
  const ends = links.flatMap(({ ends, mtu }) => ends.map((end) => ({ ...end, mtu })));
  const own = ends.filter(({ router }) => router === name);
  const loopback = nodes.find((node) => node.name === name)?.loopback ?? [];
  return {
    interfaces: own.map(({ ifname, ifindex, mac, mtu }) => `${ifname} ${ifindex} ${mac} ${mtu}`).sort(),
    addresses: [
      ...loopback.map((address) => `1 ${address}/${address.includes(":") ? 128 : 32}`),
      ...own.flatMap(addressesOf),
    ].sort(),
  };
}

function addressesOf({ ifindex, linkLocal, addresses = [] }: LinkEndPlan): string[] {
  return [
    `${ifindex} ${linkLocal}/64`,
    ...addresses.map(({ address, length }) => `${ifindex} ${address}/${length}`),
  ];
}

/** The command lines of all processes with the lab's mark. */
function commands(): string[] {
  return traces(lab)
    .processes.map((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1))
    .map(commandLine)
    .sort();
}

/**
 * The program without its directory. Our speaker gives itself a title, in which its arguments are no more; BIRD is what the
 * shell becomes that the plan has for it.
 */
function commandLine(words: readonly string[]): string {
  const [program = "", ...args] = words;
  if (basename(program) === "sh") return ["bird", "-f", "-P", ...args.slice(1)].join(" ");
  const ours = words.some((word) => /fe80-speaker(?:\.[jt]s)?\s*$/.test(word));
  return ours ? "fe80-speaker" : [basename(program), ...args].join(" ");
}

t.test("what is on the machine after up is what the plan says, and nothing else", async (t) => {
  const path = file(t, text);
  t.teardown(() => fe80("down", lab, "--quiet"));
  const plan = JSON.parse((await fe80("plan", "-f", "json", path)).stdout) as PlanDescription;
  const before = traces(lab);
  const { exit, stderr } = await fe80("up", path);
  t.equal(exit, 0, stderr);
  const all = [...plan.nodes, ...plan.hosts];
  const found = traces(lab);
  t.strictSame([...found.namespaces].sort(), all.map(({ netns }) => netns).sort());
  t.strictSame(
    [found.hostLinks, found.hostAddresses, found.hostRoutes],
    [before.hostLinks, before.hostAddresses, before.hostRoutes],
  );
  for (const { name, netns } of all) t.strictSame(namespace(netns), planned(plan, name), name);
  t.strictSame(commands(), plan.processes.map(({ command }) => commandLine(command)).sort());
  for (const { path, text } of plan.processes.flatMap(({ files }) => files)) {
    t.equal(readFileSync(path, "utf8"), text, path);
  }
  const files = plan.processes.flatMap(({ files, log }) => [log, ...files.map((file) => file.path)]);
  const there = readdirSync(`/run/fe80/${lab}`).map((name) => `/run/fe80/${lab}/${name}`);
  t.strictSame(
    files.filter((file) => !there.includes(file)),
    [],
    "its files and logs",
  );
});
