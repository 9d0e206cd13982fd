import t from "tap";
import { labListLines } from "../../src/report/lab-list.ts";

const labs = [
  { name: "seed-pair", routers: ["r1", "r2"], hosts: ["h1"] },
  { name: "x", routers: [], hosts: [] },
];

t.test("labs are listed with how many routers and hosts they have", async (t) => {
  t.strictSame(labListLines(labs, { format: "table" }), [
    "LAB        ROUTERS  HOSTS",
    "seed-pair  2        1",
    "x          0        0",
  ]);
  t.strictSame(labListLines([], { format: "table" }), ["no lab is running"]);
});

t.test("programs get all of it", async (t) => {
  t.strictSame(JSON.parse(labListLines(labs, { format: "json" }).join("\n")), labs);
  t.strictSame(labListLines([], { format: "json" }), ["[]"]);
});
