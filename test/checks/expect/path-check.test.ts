import t from "tap";
import { isWhole, type Passage, wayMismatch, wayOf } from "../../../src/checks/expect/path-check.ts";

const seen = (router: string, ifname: string, sent: boolean, hopLimit: number): Passage => ({
  router,
  ifname,
  sent,
  hopLimit,
});

/** From r1 by r2 and r3 to r4, as it is told in no order. */
const passages = [
  seen("r3", "eth0", false, 63),
  seen("r3", "eth1", true, 62),
  seen("r1", "eth0", true, 64),
  seen("r4", "eth0", false, 62),
  seen("r2", "eth0", false, 64),
  seen("r2", "eth1", true, 63),
];
const ends = { from: "r1", to: "r4" };

t.test("who sends a request with which hop limit says the way that it took", async (t) => {
  t.strictSame(wayOf(passages), [
    { router: "r1", ifname: "eth0" },
    { router: "r2", ifname: "eth1" },
    { router: "r3", ifname: "eth1" },
  ]);
});

t.test("a way is whole from its first sender to its receiver, without a gap", async (t) => {
  t.ok(isWhole(passages, ends));
  for (const missing of [1, 2, 3, 5]) {
    t.notOk(isWhole(passages.toSpliced(missing, 1), ends), `without ${missing}`);
  }
});

t.test("a way is compared router by router, and interface by interface where one is named", async (t) => {
  const check = { type: "ping", router: "r1", to: "r4", reaches: true } as const;
  const way = wayOf(passages);
  const mismatch = (...through: { router: string; ifname?: string }[]) =>
    wayMismatch({ ...check, through }, way);
  t.equal(mismatch({ router: "r2" }, { router: "r3", ifname: "eth1" }), undefined);
  const found = "r1 reaches r4 through r2:eth1, r3:eth1, expected";
  t.equal(mismatch({ router: "r3" }, { router: "r2" }), `${found} through r3, r2`);
  t.equal(mismatch({ router: "r2", ifname: "eth2" }, { router: "r3" }), `${found} through r2:eth2, r3`);
  t.equal(mismatch({ router: "r2" }), `${found} through r2`);
  t.equal(mismatch(), `${found} directly`);
});
