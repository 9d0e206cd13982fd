import t from "tap";
import { InterruptedError } from "../../src/lab/errors.ts";
import { inspectSession } from "../../src/lab/inspect-session.ts";
import { claimDirectory, writeRecord } from "../../src/lab/lab-directory.ts";
import { shippedPlan } from "../support/lab-status.ts";
import { seedSession } from "../support/session-detail.ts";
import { FakeMachine } from "./fake-machine.ts";
import { bringUp } from "./running.ts";

const pair = shippedPlan("seed-pair");
const { signal } = new AbortController();

/** A running pair, one of whose speakers tells of a session. */
async function create() {
  const machine = await bringUp(pair);
  machine.sessions = [{ ...seedSession(), router: "r1", ifname: "eth0", session: "eth0" }];
  return machine;
}

t.test("all of one session, with what the topology expects of it", async (t) => {
  const { environment } = await create();
  const session = await inspectSession({ lab: undefined, session: "r1:eth0" }, { signal }, environment);
  t.match(session, {
    router: "r1",
    state: "Established",
    peerRouter: "r2",
    expectedPeerAsn: 64513,
    counters: { transitionsToEstablished: 1 },
  });
});

t.test("a session that is not there is an error that lists those that are", async (t) => {
  const { environment } = await create();
  const ask = (session: string) => inspectSession({ lab: "seed-pair", session }, { signal }, environment);
  await t.rejects(ask("r3:eth0"), { code: "ROUTER_UNKNOWN", hint: "it has r1, r2" });
  await t.rejects(ask("r1:eth9"), {
    code: "SESSION_UNKNOWN",
    message: "the lab seed-pair has no session r1:eth9",
    hint: "it has r1:eth0",
  });
  await t.rejects(ask("eth0"), { code: "SESSION_UNKNOWN", hint: "it has r1:eth0, r2:eth0" });
});

t.test("a router of another kind does not tell so much", async (t) => {
  const plan = shippedPlan("pair-with-bird");
  const { environment, running } = new FakeMachine();
  running.set(plan.lab, { name: plan.lab, routers: plan.nodes.map(({ name }) => name) });
  await claimDirectory(plan.lab, environment.directories);
  await writeRecord(plan, environment);
  const bird = plan.nodes.find(({ kind }) => kind === "bird");
  const session = `${bird?.name}:${bird?.router.sessions[0]?.ifname}`;
  await t.rejects(inspectSession({ lab: undefined, session }, { signal }, environment), {
    code: "SESSION_OPAQUE",
    message: `${bird?.name} runs bird, which does not tell so much of a session`,
  });
});

t.test("a speaker that does not answer is told of, and an interruption ends it", async (t) => {
  const machine = await create();
  const ask = (stop: AbortSignal) =>
    inspectSession({ lab: undefined, session: "r1:eth0" }, { signal: stop }, machine.environment);
  machine.onRead = (either) =>
    new Promise((_, reject) => {
      either.addEventListener("abort", () => reject(either.reason), { once: true });
    });
  await t.rejects(ask(signal), { code: "DAEMON_SILENT" });
  const root = new AbortController();
  machine.onRead = async (either) => {
    root.abort(new InterruptedError("SIGINT"));
    either.throwIfAborted();
  };
  await t.rejects(ask(root.signal), { code: "INTERRUPTED" });
});
