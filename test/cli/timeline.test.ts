import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { bringUp } from "../lab/running.ts";
import { shippedPlan } from "../support/lab-status.ts";
import { seedSession } from "../support/session-detail.ts";
import { run } from "./run.ts";

const pair = shippedPlan("seed-pair");

t.test("timeline prints who came up when, and what it could not learn", async (t) => {
  const machine = await bringUp(pair);
  machine.sessions = [{ ...seedSession(), router: "r1", ifname: "eth0", session: "eth0" }];
  const { exit, out, err } = await run(["timeline", "seed-pair"], machine);
  t.equal(exit, 0);
  t.match(out[0], /^ROUTER +SESSION +PEER +PLUMBED/);
  t.strictSame(err, ["not known: no session r2:eth0"]);
});

t.test("timeline is written as JSON, and as a picture into a file", async (t) => {
  const machine = await bringUp(pair);
  const { out } = await run(["timeline", "-f", "json"], machine);
  t.match(JSON.parse(out.join("\n")), {
    lab: "seed-pair",
    startedAt: /Z$/,
    sessions: [{ router: "r1" }, {}],
  });
  const file = join(machine.directory, "pair.svg");
  t.equal((await run(["timeline", "-f", "svg", "-o", file], machine)).exit, 0);
  t.match(readFileSync(file, "utf8"), /^<svg /);
});
