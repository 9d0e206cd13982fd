import { spawnSync } from "node:child_process";
import t from "tap";
import type { SessionDetail } from "../../../src/bgp/control/session-detail.ts";
import { type Timeline, timelineOf } from "../../../src/report/timeline/timeline.ts";
import { timelineLines } from "../../../src/report/timeline/timeline-lines.ts";
import { matchesGolden } from "../../support/golden.ts";
import { shippedPlan } from "../../support/lab-status.ts";
import { seedSession } from "../../support/session-detail.ts";

const plan = shippedPlan("seed-pair");
const startedAt = "2026-01-29T05:00:00.000Z";
const at = (ms: number) => new Date(Date.parse(startedAt) + ms).toISOString();

const line = (ms: number, msg: string, contents?: string) =>
  JSON.stringify({ time: at(ms), msg, neighbor: "eth0", message_contents: contents });

/** A log of a session that came up, was lost, and came up again. */
const log = [
  JSON.stringify({ time: at(100), msg: "spawning session for peer_eth0" }),
  line(120, "received fsm event peer discovered"),
  line(130, "accepted inbound connection from [fe80::2%100]:40184"),
  line(131, "accepted outbound connection to [fe80::2%100]:179"),
  line(140, "recv open message from [fe80::2%100]:40184 (conn_id: edde2469)"),
  line(150, "fsm transition session setup -> established"),
  line(155, "recv update message from …", "Update [ announced: [ 10.0.2.0/24 ] ]"),
  line(160, "recv update message from …", "Update [ announced: [ 10.0.3.0/24 ] ]"),
  line(165, "recv update message from …", "Update [ end_of_rib: ipv4 ]"),
  "a line that is no record",
  line(900, "fsm transition session setup -> established"),
  '{"cut',
].join("\n");

const both = (first: string, second: string): Timeline =>
  timelineOf(plan, { startedAt, logs: new Map(Object.entries({ r1: first, r2: second })), details: [] });

t.test("each milestone is the first of its kind, and only the last route is the last one", async (t) => {
  t.strictSame(both(log, log).sessions[0], {
    router: "r1",
    ifname: "eth0",
    session: "eth0",
    peer: { router: "r2", ifname: "eth0" },
    passed: {
      ...{ plumbing: 100, discovery: 120, tcp: 130, open: 140, established: 150 },
      ...{ firstRoute: 155, lastRoute: 160 },
    },
  });
});

t.test("all sessions are Established when the last one is, and not while one is not", async (t) => {
  const later = log.replaceAll("05:00:00.1", "05:00:00.3");
  t.match(both(log, later).all, { plumbing: 300, established: 350, lastRoute: 360 });
  const [up, down] = [
    timelineLines(both(log, later), { format: "table" }),
    timelineLines(both(log, ""), { format: "table" }),
  ];
  t.equal(
    up.at(-1),
    "seed-pair: all sessions were Established after 350 ms, the last route came after 360 ms",
  );
  t.equal(down.at(-1), "seed-pair: not all sessions have been Established");
});

t.test("a session's history says what a log of few words does not", async (t) => {
  const detail: SessionDetail = { ...seedSession(), router: "r1", ifname: "eth0", session: "eth0" };
  const first = detail.transitions[0]?.time;
  const { sessions } = timelineOf(plan, { startedAt: first, logs: new Map(), details: [detail] });
  const { plumbing, discovery, ...rest } = sessions[0]?.passed ?? {};
  t.strictSame([plumbing, discovery], [null, null]);
  const times = Object.values(rest).map(Number);
  t.strictSame(
    times,
    times.toSorted((a, b) => a - b),
  );
  t.ok(
    times.every((time) => Number.isFinite(time) && time >= 0),
    times.join(),
  );
  t.equal(sessions[1]?.passed.tcp, null);
});

t.test("without the start of up, the first line of any log is taken for it", async (t) => {
  const timeline = timelineOf(plan, { startedAt: undefined, logs: new Map([["r1", log]]), details: [] });
  t.equal(timeline.startedAt, at(100));
  t.equal(timeline.sessions[0]?.passed.established, 50);
});

t.test("a timeline is a table, JSON and a picture", async (t) => {
  const timeline = both(log, log.replaceAll("05:00:00.1", "05:00:00.3"));
  for (const format of ["table", "svg"] as const) {
    matchesGolden(t, `timeline/pair.${format}`, `${timelineLines(timeline, { format }).join("\n")}\n`);
  }
  t.strictSame(JSON.parse(timelineLines(timeline, { format: "json" }).join("\n")), timeline);
});

const missing = spawnSync("xmllint", ["--version"]).error !== undefined;
const skip = missing && !process.env["CI"] ? "xmllint is not installed: make daemons" : false;

t.test("the picture is XML, even of a lab in which nothing has happened", { skip }, async (t) => {
  for (const text of [log, ""]) {
    const input = timelineLines(both(text, ""), { format: "svg" }).join("\n");
    t.notMatch(input, /NaN|Infinity/);
    t.equal(spawnSync("xmllint", ["--noout", "-"], { input }).status, 0);
  }
});
