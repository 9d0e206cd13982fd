import t from "tap";
import { pingMismatch, pingsOf } from "../../../src/checks/expect/ping-check.ts";
import type { Address } from "../../../src/net/address.ts";
import { planOf } from "../../support/lab-status.ts";

const plan = planOf(
  [
    "name: pings",
    "routers:",
    "  r1: { originate: [10.0.1.0/24, 2001:db8:1::/48] }",
    "  r2: { originate: [10.0.2.0/24] }",
    "  r3:",
    "  h1: { kind: host, addresses: [10.1.1.10/24] }",
    "links: [r1 -- r2, r2 -- r3, r1 -- h1]",
  ].join("\n"),
);

const check = (router: string, to: string, reaches = true) =>
  ({ type: "ping", router, to, reaches }) as const;

t.test("one address of each family that both ends have is asked", async (t) => {
  t.strictSame(pingsOf(plan, check("r1", "r2")), [{ source: "10.0.1.1", target: "10.0.2.1" }]);
  t.strictSame(pingsOf(plan, check("r1", "2001:db8::9")), [
    { source: "2001:db8:1::1", target: "2001:db8::9" },
  ]);
  t.strictSame(pingsOf(plan, check("h1", "r2")), [{ source: "10.1.1.10", target: "10.0.2.1" }]);
  t.strictSame(pingsOf(plan, check("r3", "r1")), [], "it has no address");
});

t.test("a check is met if all answers are as it wants them", async (t) => {
  const ping = { source: "10.0.1.1" as Address, target: "10.0.2.1" as Address };
  const [answered, lost] = [
    { ...ping, answered: true },
    { ...ping, answered: false },
  ];
  t.equal(pingMismatch(check("r1", "r2"), [answered]), undefined);
  t.equal(pingMismatch(check("r1", "r2", false), [lost]), undefined);
  t.equal(
    pingMismatch(check("r1", "r2"), [answered, lost]),
    "r1 does not reach r2: no answer to what it sends from 10.0.1.1 to 10.0.2.1",
  );
  t.equal(
    pingMismatch(check("r1", "r2", false), [answered]),
    "r1 reaches r2, from 10.0.1.1 to 10.0.2.1, and must not",
  );
  t.equal(
    pingMismatch(check("r3", "r1"), []),
    "r3 and r1 have no addresses of one family: nothing can be tried",
  );
});
