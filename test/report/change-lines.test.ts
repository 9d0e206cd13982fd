import t from "tap";
import type { RouterConfig } from "../../src/bgp/config/config.ts";
import { networkDifference } from "../../src/plan/difference.ts";
import { inherit } from "../../src/plan/inherit.ts";
import type { LabChange } from "../../src/plan/lab-change.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { changeLines, changeSummary } from "../../src/report/change-lines.ts";
import { planOf } from "../support/lab-status.ts";

const lab = (routers: string, links: string) =>
  planOf(`name: lab\nrouters: { ${routers} }\nlinks: [${links}]`);

function lines(before: Plan, target: Plan): string[] {
  const changes = networkDifference(before, inherit(target, before), { sure: true });
  return changeLines({ lab: "lab", changes }, { format: "table" });
}

const config = (name: string) =>
  lab("r1: {}, r2: {}", "r1 -- r2").nodes.find((node) => node.name === name)?.router;

t.test("each step is an order, and the last line counts what comes of them", async (t) => {
  const before = lab(
    "h1: { kind: host, addresses: [10.0.0.2/24] }, r1: {}, r2: {}, r3: {}",
    "h1 -- r1:hosts, r1 -- r2, [r1, r2, r3]",
  );
  const target = lab(
    "h1: { kind: host, addresses: [10.0.0.3/24] }, r1: {}, r2: {}, r3: {}, r4: { originate: [10.4.0.0/16] }",
    "h1 -- r1:hosts, { link: r1 -- r2, delay: 1ms }, [r1, r2, r4]",
  );
  t.strictSame(lines(before, target), [
    "remove link h1:eth0 -- r1:hosts",
    "unplug r3:eth0 from lan1",
    "remove host h1",
    "add router r4",
    "add host h1",
    "add link h1:eth0 -- r1:hosts",
    "plug r4:eth0 into lan1",
    "change link r1:eth0 -- r2:eth0: 1000 µs late",
    "lab: 1 router added, 1 host and 3 links changed",
  ]);
  t.strictSame(lines(target, before).slice(-2), [
    "change link r1:eth0 -- r2:eth0: plain",
    "lab: 1 router removed, 1 host and 3 links changed",
  ]);
});

t.test("what becomes of routers and processes is told in words, and no secret of it", async (t) => {
  const r1 = config("r1") as RouterConfig;
  const [session] = r1.sessions;
  if (!session) throw new Error("r1 has no session");
  const changes: LabChange[] = [
    { type: "stop", daemon: "speaker-2", routers: ["r2"] },
    { type: "leave", daemon: "speaker-1", router: "r3" },
    {
      type: "reconfigure",
      daemon: "speaker-1",
      config: { ...r1, sessions: [{ ...session, md5Key: "hidden" }] },
      changes: [
        { type: "removeSession", session: "eth5" },
        { type: "set", field: "multipath" },
        { type: "changeSession", session: { ...session, md5Key: "hidden" }, fields: ["md5Key", "med"] },
      ],
    },
    { type: "reconfigure", daemon: "speaker-1", config: r1, changes: [{ type: "restart", fields: ["asn"] }] },
    { type: "restart", daemon: "bird-r2", routers: ["r2"] },
    { type: "start", daemon: "speaker-3", routers: ["r4", "r5"] },
  ];
  const told = changeLines({ lab: "lab", changes }, { format: "table" });
  t.strictSame(told, [
    "end speaker-2",
    "end r3 in speaker-1",
    "change router r1: remove session eth5; set multipath; session eth0 has another md5Key, med (reset)",
    "change router r1: start over for its asn",
    "restart bird-r2, which runs r2",
    "start speaker-3, which runs r4, r5",
    "lab: 2 routers changed",
  ]);
  const json = changeLines({ lab: "lab", changes }, { format: "json" }).join("\n");
  t.match(JSON.parse(json), { lab: "lab", changes: [{ type: "stop", text: "end speaker-2" }] });
  t.notMatch(json, "hidden");
});

t.test("where nothing but processes changes, they are counted", async (t) => {
  const start = { type: "start", daemon: "speaker-1", routers: ["r1"] } as const;
  t.equal(changeSummary([start]), "1 process started or ended");
  t.equal(changeSummary([start, start]), "2 processes started or ended");
  t.equal(changeSummary([]), "nothing to change");
});
