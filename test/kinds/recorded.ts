import { readdirSync, readFileSync } from "node:fs";
import type { RouterConfig } from "../../src/bgp/config/config.ts";
import type { Status } from "../../src/bgp/control/status.ts";
import { Convergence, type Verdict } from "../../src/checks/convergence.ts";
import type { Daemon, LabContext } from "../../src/kinds/kind.ts";
import { daemonsOf } from "../../src/kinds/kinds.ts";
import type { Peers } from "../../src/kinds/peers.ts";
import type { Address, RouterId } from "../../src/net/address.ts";
import { asn } from "../../src/net/asn.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { perfectStatus, planOf, shippedPlan } from "../support/lab-status.ts";

/** The same peer behind every interface. */
const peers: Peers = () => ({
  linkLocal: "fe80::1" as Address,
  asn: asn(64512),
  routerId: "0.0.0.1" as RouterId,
});

export const context: LabContext = {
  directory: "/run/fe80/lab",
  processes: 2,
  speaker: { node: "/usr/bin/node", program: "/opt/fe80-speaker.ts" },
  peers,
};

/** Kinds of which all that they printed in `pair-with-…` was recorded, as Debian 12 has them. */
export type RecordedKind = "frr" | "gobgp" | "openbgpd" | "exabgp";

/** What the daemon of `r2` in `pair-with-…` told at that moment, read back. */
export function statusOf(kind: RecordedKind, moment: "established" | "lost"): Status {
  const { probe } = daemonIn(shippedPlan(`pair-with-${kind}`), kind);
  if (probe.type !== "poll") throw new Error(`${kind} is not asked by commands`);
  return probe.read(recorded(kind, moment));
}

/** Standard outputs in the order of the commands, without their last line break, which is lost on their way. */
export function recorded(kind: RecordedKind, moment: string): string[] {
  return readdirSync(`test/kinds/${kind}`)
    .filter((name) => name.startsWith(`${moment}-`))
    .sort()
    .map((name) => readFileSync(`test/kinds/${kind}/${name}`, "utf8").replace(/\n$/, ""));
}

/** What a lab is judged to be in which `r1` is as it should be, and `r2` has told this. */
export function verdictWith(kind: RecordedKind, status: Status): Verdict {
  const plan = shippedPlan(`pair-with-${kind}`);
  const convergence = new Convergence(plan, { settleMs: 0 });
  convergence.observe({ type: "status", ...perfectStatus(plan) }, 0);
  convergence.observe({ type: "status", ...status }, 1);
  return convergence.verdict(2);
}

/** The daemon that runs the only router of this kind. */
export function daemonIn(plan: Plan, kind: RecordedKind): Daemon {
  const daemon = daemonsOf(plan, context).find(({ name }) => name.startsWith(`${kind}-`));
  if (daemon === undefined) throw new Error(`no ${kind}`);
  return daemon;
}

/** The text of one of its files, by how its name ends, with this said of `r2`, and `r1` beside it. */
export function fileOf(kind: RecordedKind, { ends, body }: { ends: string; body: string }): string {
  const families = kind === "openbgpd" ? ", families: [ipv6-unicast]" : "";
  const plan = planOf(
    `name: lab\nrouters: { r1: , r2: { kind: ${kind}${families}, ${body} } }\nlinks: [r1 -- r2]\n`,
  );
  const { files } = daemonIn(plan, kind);
  return files.find(({ path }) => path.endsWith(ends))?.text ?? "";
}

/** The configuration of `r2`. */
export function routerOf(kind: RecordedKind): RouterConfig {
  const node = shippedPlan(`pair-with-${kind}`).nodes.find(({ name }) => name === "r2");
  if (node === undefined) throw new Error("no r2");
  return node.router;
}
