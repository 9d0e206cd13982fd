import t from "tap";
import type { SessionConfig } from "../../../src/bgp/config/config.ts";
import { Restart } from "../../../src/bgp/speaker/restart.ts";
import { prefix } from "../../../src/net/prefix.ts";
import { VirtualClock } from "../../../src/simulation/virtual-clock.ts";
import { MemoryLab } from "../../support/memory-lab.ts";

/** Long enough for everything that does not wait for a timer. */
const SOON_MS = 50;

const patient: Partial<SessionConfig> = { gracefulRestart: "full" };

function established(size: number, change = patient): MemoryLab {
  const lab = new MemoryLab(size, change);
  lab.start();
  lab.clock.advance(SOON_MS);
  return lab;
}

/** What a router's peers were told, sent or received, with these words in it. */
const told = (lab: MemoryLab, number: number, words: string) =>
  lab.member(number).log.filter(({ message_contents: contents = "" }) => contents.includes(words));

t.test(
  "routes stay while a peer is away, and are not told anew when it is back (RFC 4724 §4.2)",
  async (t) => {
    const lab = established(3);
    lab.crash(1);
    lab.clock.advance(SOON_MS);
    t.not(lab.session(2, "eth0").state, "Established");
    t.strictSame(Object.keys(lab.forwarding(3)), ["10.0.1.0/24", "10.0.2.0/24"]);
    const withdrawn = told(lab, 3, "10.0.1.0/24").length;
    lab.restart(1);
    lab.clock.advance(5_000);
    t.match(lab.session(2, "eth0"), { state: "Established", establishedCount: 2 });
    t.strictSame(Object.keys(lab.forwarding(2)), ["10.0.1.0/24", "10.0.3.0/24"]);
    t.strictSame(Object.keys(lab.forwarding(1)), ["10.0.2.0/24", "10.0.3.0/24"]);
    t.equal(told(lab, 3, "10.0.1.0/24").length, withdrawn, "nobody behind it has noticed");
  },
);

t.test("what a peer does not tell again goes with its End-of-RIB", async (t) => {
  const lab = established(3);
  lab.crash(1);
  lab.restart(1, { originate: [prefix("10.0.77.0/24")] });
  lab.clock.advance(5_000);
  t.strictSame(Object.keys(lab.forwarding(3)), ["10.0.2.0/24", "10.0.77.0/24"]);
});

t.test("a peer that does not come back in time is forgotten", async (t) => {
  const lab = established(2, { ...patient, gracefulRestart: "full" });
  lab.crash(1);
  lab.clock.advance(119_000);
  t.strictSame(Object.keys(lab.forwarding(2)), ["10.0.1.0/24"]);
  lab.clock.advance(2_000);
  t.strictSame(lab.forwarding(2), {});
});

t.test("a router that has started again keeps its routes until its peers have told theirs", async (t) => {
  const lab = established(3);
  lab.crash(2);
  const before = lab.forwarding(2);
  t.strictSame(Object.keys(before), ["10.0.1.0/24", "10.0.3.0/24"]);
  lab.restart(2);
  t.strictSame(lab.forwarding(2), before);
  for (let ms = 0; ms < 5_000; ms += 100) {
    lab.clock.advance(100);
    for (const number of [1, 2, 3]) t.equal(Object.keys(lab.forwarding(number)).length, 2, `at ${ms} ms`);
  }
  t.match(lab.session(2, "eth0"), { state: "Established" });
  const opens = told(lab, 1, "Graceful Restart").map(({ message_contents: contents = "" }) => contents);
  t.ok(opens.length > 0);
});

t.test("routes that nobody tells any more go when the router has started again", async (t) => {
  const lab = established(3);
  lab.crash(2);
  lab.crash(3);
  lab.restart(2);
  lab.clock.advance(60_000);
  t.strictSame(Object.keys(lab.forwarding(2)), ["10.0.1.0/24", "10.0.3.0/24"], "r3 may be back soon");
  lab.clock.advance(61_000);
  t.strictSame(Object.keys(lab.forwarding(2)), ["10.0.1.0/24"]);
});

t.test("without graceful restart nothing is kept, and what a crash left behind is taken away", async (t) => {
  for (const gracefulRestart of ["off", "helper"] as const) {
    const lab = established(2, { gracefulRestart });
    lab.crash(1);
    t.strictSame(Object.keys(lab.forwarding(1)), ["10.0.2.0/24"]);
    lab.clock.advance(SOON_MS);
    t.strictSame(lab.forwarding(2), {});
    lab.crash(2);
    lab.restart(1);
    t.strictSame(lab.forwarding(1), {});
  }
});

t.test("a router that ends as it should is forgotten at once, however patient its peers are", async (t) => {
  const lab = established(2);
  await lab.member(1).router[Symbol.asyncDispose]();
  lab.clock.advance(SOON_MS);
  t.strictSame(lab.forwarding(2), {});
  t.strictSame(lab.forwarding(1), {});
  t.match(lab.session(2, "eth0").lastError, /hard reset.*administrative shutdown/);
});

t.test("over an interface that is down nothing is kept", async (t) => {
  const lab = established(2);
  lab.member(1).host.setRunning("eth1", false);
  t.strictSame(lab.forwarding(1), {});
  t.strictSame(lab.forwarding(2), {});
  lab.member(1).host.setRunning("eth1", true);
  lab.clock.advance(5_000);
  t.strictSame(Object.keys(lab.forwarding(2)), ["10.0.1.0/24"]);
});

t.test("who says that it starts again too is waited for, but not for long (RFC 4724 §4.1)", async (t) => {
  const clock = new VirtualClock();
  let isOver = false;
  const restart = new Restart(["eth0", "eth1"], { clock, seconds: 120 }, () => {
    isOver = true;
  });
  const peerUp = (session: string, restarting: boolean) =>
    restart.peerUp({
      session,
      families: [6],
      gracefulRestart: { restarting, forwarding: [6] },
    });
  peerUp("eth0", false);
  peerUp("eth1", true);
  restart.told("eth0", 6);
  t.notOk(isOver, "FRR says so of itself for two minutes, and tells its routes all the same");
  clock.advance(4_999);
  t.notOk(isOver);
  clock.advance(1);
  t.ok(isOver, "it waits itself");
});
