import t from "tap";
import { broken, type Explanation, explain, ok, unknown } from "../../src/checks/why/explanation.ts";
import { causeLines, whyLines } from "../../src/report/why-lines.ts";

const head = { subject: "r1:eth0 with r2:eth0", routers: ["r1", "r2"], state: "is Idle" };
const failed = explain(
  head,
  [
    () => ok("carrier", "both interfaces have a carrier"),
    () => unknown("discovery", "nobody tells"),
    () => broken("open", "r1:eth0 refuses it", { hint: "change it", details: ["  OPEN  r1", "* AS    1"] }),
    () => ok("timers", "never looked at"),
  ],
  {},
);
const fine: Explanation = {
  ...head,
  state: "is Established",
  findings: [ok("up", "both are up")],
  cause: null,
};

t.test("an explanation ends with the first thing that is broken", async (t) => {
  t.strictSame(whyLines(failed, { format: "table" }), [
    "r1:eth0 with r2:eth0 is Idle",
    "  ok    carrier    both interfaces have a carrier",
    "  ?     discovery  nobody tells",
    "  FAIL  open       r1:eth0 refuses it",
    "      OPEN  r1",
    "    * AS    1",
    "  hint: change it",
  ]);
  t.strictSame(JSON.parse(whyLines(failed, { format: "json" }).join("\n")), failed);
});

t.test("where nothing is broken, that is said", async (t) => {
  t.equal(whyLines(fine, { format: "table" }).at(-1), "nothing is wrong with it");
});

t.test("a report has the causes alone", async (t) => {
  t.strictSame(causeLines([failed, fine]), [
    "why r1:eth0 with r2:eth0 is Idle: open: r1:eth0 refuses it",
    "      OPEN  r1",
    "    * AS    1",
    "  hint: change it",
  ]);
});
