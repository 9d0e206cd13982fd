import t from "tap";
import { labListLines } from "../../src/report/lab-list.ts";

const labs = [
  { name: "seed-pair", routers: ["r1", "r2"] },
  { name: "x", routers: [] },
];

t.test("labs are listed with how many routers they have", async (t) => {
  t.strictSame(labListLines(labs, { format: "table" }), [
    "LAB        ROUTERS",
    "seed-pair  2",
    "x          0",
  ]);
  t.strictSame(labListLines([], { format: "table" }), ["no lab is running"]);
});

t.test("programs get all of it", async (t) => {
  t.strictSame(JSON.parse(labListLines(labs, { format: "json" }).join("\n")), labs);
  t.strictSame(labListLines([], { format: "json" }), ["[]"]);
});
