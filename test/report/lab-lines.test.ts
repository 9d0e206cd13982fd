import t, { type Test } from "tap";
import type { SessionStatus, Status } from "../../src/bgp/control/status.ts";
import { Convergence } from "../../src/checks/convergence.ts";
import type { Address } from "../../src/net/address.ts";
import { labLines } from "../../src/report/lab-lines.ts";
import { createLabReport, type LabReport } from "../../src/report/lab-report.ts";
import { matchesGolden } from "../support/golden.ts";
import { perfectStatus, shippedPlan } from "../support/lab-status.ts";

const plan = shippedPlan("seed-pair");
const perfect = perfectStatus(plan);

function reportOf(status: Status, { name, nowMs }: { name: string; nowMs: number }): LabReport {
  const convergence = new Convergence(plan);
  convergence.observe({ type: "status", ...status }, 284);
  const facts = { verdict: convergence.verdict(nowMs), status: convergence.status(), startedAtMs: 100 };
  return { ...createLabReport({ plan, ...facts }), name };
}

/** Compares lines with a file of test/golden/report/. */
function golden(t: Test, name: string, lines: readonly string[]): void {
  matchesGolden(t, `report/${name}.txt`, `${lines.join("\n")}\n`);
}

const converged = reportOf(perfect, { name: "seed-pair", nowMs: 9999 });

/** r2's end is down, with a story to tell. */
function broken(session: SessionStatus): SessionStatus {
  if (session.router !== "r2") return { ...session, peerAddress: "fe80::2" as Address };
  return {
    ...session,
    state: "Active",
    peerAsn: null,
    holdTime: null,
    connectionId: null,
    establishedCount: 0,
    waitingFor: "the connect retry timer (0.4 s left)",
    lastError: "received NOTIFICATION 2/2 (bad peer AS)",
    history: [
      { time: "2026-01-29T05:00:00.001Z", from: "Idle", to: "Connect", event: "manual start" },
      { time: "2026-01-29T05:00:00.005Z", from: "Connect", to: "Active", event: "tcp connection fails" },
    ],
  };
}

const failed = reportOf(
  {
    routers: perfect.routers,
    sessions: perfect.sessions.map(broken),
    routes: perfect.routes.filter(({ via }) => via === null),
  },
  { name: "seed-pair", nowMs: 5000 },
);

t.test("a converged lab is its sessions, its routes and one line that says so", async (t) => {
  golden(t, "converged", labLines(converged, { format: "table" }));
});

t.test("a lab that has not converged says what is missing, and why", async (t) => {
  golden(t, "failed", labLines(failed, { format: "table" }));
});

t.test("tables are cut where they are too long, and say by how much", async (t) => {
  golden(t, "cut", labLines(converged, { format: "table", rows: 1 }));
});

t.test("JSON has the whole, whatever is printed", async (t) => {
  const report = JSON.parse([...labLines(converged, { format: "json", rows: 1 })].join("\n"));
  t.match(report, { name: "seed-pair", converged: true, convergedAfterMs: 184, problems: [] });
  t.match(report.sessions, [
    { router: "r1", ifname: "eth0", state: "Established", peerAsn: 64513, peerRouter: "r2" },
    { router: "r2", ifname: "eth0", state: "Established", peerAsn: 64512, peerRouter: "r1" },
  ]);
  t.equal(report.routes.length, 8);
  t.equal(report.routers.length, 2);
});

t.test("of many problems of a type the first are told, and the others counted", async (t) => {
  const problems = Array.from({ length: 25 }, (_, index) => ({
    type: "route" as const,
    router: "r1",
    prefix: `10.0.${index}.0/24`,
    reason: `r1 has no route to 10.0.${index}.0/24`,
  }));
  const lines = labLines({ ...failed, problems }, { format: "table" });
  t.ok(lines.includes("r1 has no route to 10.0.19.0/24"));
  t.notOk(lines.includes("r1 has no route to 10.0.20.0/24"));
  t.ok(lines.includes("... and 5 more routes not as expected"));
});

t.test("routes stand by router, IPv4 first, in the order of numbers", async (t) => {
  const shuffled = { ...perfect, routes: perfect.routes.toReversed() };
  t.strictSame(reportOf(shuffled, { name: "seed-pair", nowMs: 0 }).routes, converged.routes);
  t.strictSame(
    converged.routes.slice(0, 4).map(({ prefix }) => prefix),
    ["10.0.1.0/24", "10.0.2.0/24", "2001:db8:1::/48", "2001:db8:2::/48"],
  );
});

t.test("ten thousand routes are printed at once", async (t) => {
  const [route] = perfect.routes;
  const routes = Array.from(
    { length: 10_000 },
    () => ({ ...route, router: "r1" }) as (typeof perfect.routes)[0],
  );
  const started = process.cpuUsage();
  const lines = labLines({ ...converged, routes }, { format: "table" });
  t.ok(lines.length > 10_000);
  t.ok(process.cpuUsage(started).user < 1_000_000);
});

t.test("a route of several ways has all of them in its row, one that drops packets none", async (t) => {
  const rows = (change: Partial<Status["routes"][number]>) => {
    const routes = perfect.routes.map((route) => (route.via === null ? route : { ...route, ...change }));
    const lines = labLines(reportOf({ ...perfect, routes }, { name: "x", nowMs: 9999 }), { format: "table" });
    return lines.filter((line) => line.startsWith("r1") && line.includes("10.0.2.0/24"));
  };
  const hop = (via: string, nextHop: string) => ({ via, nextHop: nextHop as Address });
  t.match(rows({ nextHops: [hop("eth0", "fe80::2"), hop("eth1", "fe80::3")] }), [
    /10\.0\.2\.0\/24 +eth0, eth1 +fe80::2, fe80::3 +64512 /,
  ]);
  t.match(rows({ nextHops: [] }), [/10\.0\.2\.0\/24 +eth0 +dropped +64512 /]);
});
