import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { SessionConfig } from "../src/bgp/config/config.ts";
import { inNetns, netnsPath } from "../src/linux/netns.ts";
import type { NodePlan, Plan } from "../src/plan/plan.ts";
import { make, prepare, remove } from "./netns-raw.ts";

/** Between two times that a BIRD is asked whether it is there yet. */
const ASK_EVERY_MS = 20;

/**
 * The same network with BIRD as the speaker: namespaces and links made as fast as the kernel does it, one process a router, which
 * knows its peers' addresses, and the timers of the plan. Until each has all sessions and a route to each prefix.
 *
 * @returns milliseconds; undefined if that took longer than ten minutes
 */
export async function birds(plan: Plan): Promise<number | undefined> {
  const directory = mkdtempSync(join(tmpdir(), "fe80-bench-"));
  const prepared = prepare(plan);
  const expected = Map.groupBy(plan.expectation.routes, ({ router }) => router);
  const configs = plan.nodes.map((node) => configOf(node, plan));
  const daemons: ChildProcess[] = [];
  const start = performance.now();
  const { signal } = new AbortController();
  try {
    make(prepared);
    for (const [index, node] of plan.nodes.entries()) {
      const path = (extension: string) => join(directory, `${index}.${extension}`);
      writeFileSync(path("conf"), configs[index] ?? "");
      const args = ["-f", "-c", path("conf"), "-s", path("ctl"), "-P", path("pid")];
      daemons.push(inNetns(netnsPath(node.netns), () => spawn("/usr/sbin/bird", args, { stdio: "ignore" })));
    }
    const deadline = AbortSignal.timeout(600_000);
    for (const [index, { name, router }] of plan.nodes.entries()) {
      const wanted = { sessions: router.sessions.length, networks: expected.get(name)?.length ?? 0 };
      while (!(await isThere(join(directory, `${index}.ctl`), wanted))) {
        if (deadline.aborted) return undefined;
        await setTimeout(ASK_EVERY_MS, undefined, { signal });
      }
    }
    return performance.now() - start;
  } finally {
    const ends = daemons.map((daemon) => once(daemon, "close"));
    for (const daemon of daemons) daemon.kill("SIGKILL");
    await Promise.all(ends);
    remove(prepared);
    rmSync(directory, { recursive: true });
  }
}

function configOf({ name, router, loopback }: NodePlan, { links }: Plan): string {
  const peers = new Map(
    links.flatMap(({ ends: [a, b] }) => [
      [`${a.router}:${a.ifname}`, b.linkLocal] as const,
      [`${b.router}:${b.ifname}`, a.linkLocal] as const,
    ]),
  );
  const session = ({ ifname, linkLocal, remoteAs, timers }: SessionConfig) => `
protocol bgp ${ifname} {
  local ${linkLocal}%'${ifname}' as ${router.asn};
  neighbor ${peers.get(`${name}:${ifname}`)}%'${ifname}' as ${remoteAs};
  connect delay time 1; connect retry time ${Math.max(1, timers.connectRetryTime)};
  hold time ${timers.holdTime}; keepalive time ${timers.keepaliveTime};
  ipv4 { import all; export all; extended next hop yes; };
  ipv6 { import all; export all; };
}`;
  const routes = (family: "ipv4" | "ipv6") => `
protocol static { ${family}; ${router.originate
    .filter((prefix) => prefix.includes(":") === (family === "ipv6"))
    .map((prefix) => `route ${prefix} blackhole; `)
    .join("")}}
protocol kernel { ${family} { export where source = RTS_BGP; }; }`;
  return `router id ${router.routerId};
protocol device { scan time 1; }
${routes("ipv4")}${routes("ipv6")}${router.sessions.map(session).join("")}
# ${loopback.join(" ")}
`;
}

/** Whether a BIRD says so on its control socket. */
async function isThere(path: string, wanted: { sessions: number; networks: number }): Promise<boolean> {
  const answer = await ask(path, ["show protocols", "show route count"]);
  const networks = answer.matchAll(/for (\d+) networks in table master/g);
  const count = Array.from(networks, ([, number]) => Number(number)).reduce((sum, each) => sum + each, 0);
  return answer.split("Established").length - 1 >= wanted.sessions && count >= wanted.networks;
}

/** Nothing if nobody answers yet. */
function ask(path: string, questions: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(path).setEncoding("utf8");
    socket.on("error", () => resolve(""));
    socket.on("close", () => resolve(text));
    const left = [...questions];
    socket.on("data", (chunk) => {
      text += chunk;
      // An answer ends with a line of a code and a space; 0001 greets.
      if (!/^\d{4} .*\n$/m.test(text.slice(text.lastIndexOf("\n", text.length - 2) + 1))) return;
      const next = left.shift();
      if (next === undefined) socket.end();
      else socket.write(`${next}\n`);
    });
  });
}
