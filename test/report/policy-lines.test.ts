import t from "tap";
import type { Address } from "../../src/net/address.ts";
import { policyLines } from "../../src/report/policy-lines.ts";

const before = { origin: "igp" as const, asPath: [], med: 5 };

t.test("what came out is told beside what went in", async (t) => {
  const { med: _, ...rest } = before;
  const judged = {
    policy: "p",
    prefix: "10.0.0.0/8",
    before,
    nextHop: null,
    verdict: {
      type: "accepted" as const,
      attributes: { ...rest, localPref: 200 },
      nextHop: "fe80::7" as Address,
      by: "p rule 2",
    },
  };
  t.strictSame(policyLines(judged, { format: "table" }), [
    "10.0.0.0/8 is accepted by p rule 2",
    "  origin            igp",
    "  AS path           empty",
    "  local preference  200      was none",
    "  next hop          fe80::7  was none",
    "  MED               none     was 5",
  ]);
  t.strictSame(JSON.parse(policyLines(judged, { format: "json" }).join("\n")), judged);
});

t.test("of a rejected route only that is told", async (t) => {
  const verdict = { type: "rejected" as const, by: "the end of p" };
  t.strictSame(
    policyLines({ policy: "p", prefix: "10.0.0.0/8", before, nextHop: null, verdict }, { format: "table" }),
    ["10.0.0.0/8 is rejected by the end of p"],
  );
});
