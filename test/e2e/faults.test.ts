import t, { type Test } from "tap";
import { fe80, file, nothing, traces, until } from "./command.ts";

const report = async (lab: string) => JSON.parse((await fe80("inspect", lab, "-f", "json")).stdout);

function faulty(t: Test, lab: string, text: string): string {
  t.teardown(() => fe80("down", lab, "--quiet"));
  return file(t, `name: ${lab}\nexpect: { within: 60s }\ndefaults: { timers: { hold: 3 } }\n${text}`);
}

/** Whether `why` of a session names a cause, at this step. */
async function blames(t: Test, lab: string, step: string, text: RegExp): Promise<void> {
  const { exit, stdout } = await fe80("why", lab, "r1:eth0", "-f", "json");
  t.equal(exit, 1);
  t.match(JSON.parse(stdout), { cause: { step, text } });
}

t.test("faults of which only timers tell are named, and healed", async (t) => {
  const lab = "e2e-faults";
  const before = traces(lab);
  const path = faulty(t, lab, "routers: { r1: {}, r2: { kind: frr } }\nlinks: [r1 -- r2]\n");
  t.equal((await fe80("up", "--isolate", path, "-q")).exit, 0);
  const converged = () => until(async () => (await report(lab)).converged);
  const isExpired = async () => {
    const { stdout } = await fe80("inspect", lab, "--session", "r1:eth0", "-f", "json");
    return JSON.parse(stdout).counters.holdTimerExpirations > 0;
  };

  t.equal((await fe80("link", "blackhole", lab, "r1:eth0")).stdout, "r1:eth0 is a black hole\n");
  await blames(t, lab, "blackhole", /^all that r1:eth0 receives is dropped without a sign$/);
  await until(isExpired);
  t.equal((await fe80("link", "restore", lab, "r1:eth0")).stdout, "r1:eth0 lets packets pass\n");
  await converged();

  t.equal((await fe80("pause", lab, "r2")).stdout, "r2 is paused\n");
  await blames(t, lab, "speaker", /^the process of r2 is paused$/);
  await until(async () => !(await fe80("why", lab, "r1:eth0")).stdout.includes("is Established"));
  t.equal((await fe80("resume", lab, "r2")).stdout, "r2 goes on\n");
  await converged();

  for (const router of ["r1", "r2"]) {
    t.equal((await fe80("kill", lab, router)).stdout, `${router} is dead\n`);
    await blames(t, lab, "speaker", new RegExp(`^${router} has no process`));
    t.equal((await fe80("start", lab, router)).stdout, `${router} has started\n`);
    await converged();
  }

  for (const command of [
    ["link", "blackhole", lab, "r2:eth0"],
    ["pause", lab, "r1"],
    ["pause", lab, "r2"],
  ]) {
    t.equal((await fe80(...command)).exit, 0);
  }
  t.equal((await fe80("down", lab)).exit, 0);
  t.strictSame(traces(lab), nothing(before));
});

t.test("sessions are reset, and told their routes again, whatever program has them", async (t) => {
  const lab = "e2e-reset";
  const kinds = ["bird", "frr", "gobgp", "openbgpd"];
  const routers = kinds.map((kind) => `  ${kind}: { kind: ${kind}, families: [ipv6-unicast] }\n`).join("");
  const links = kinds.map((kind) => `r1 -- ${kind}`).join(", ");
  const path = faulty(t, lab, `routers:\n  r1: {}\n${routers}links: [${links}]\n`);
  t.equal((await fe80("up", path, "-q")).exit, 0);
  for (const kind of kinds) {
    t.equal((await fe80("reset", lab, `${kind}:eth0`, "--soft")).exit, 0, kind);
    const { establishedCount } = await sessionOf(lab, kind);
    t.equal(establishedCount, 1, kind);
    t.equal((await fe80("reset", lab, `${kind}:eth0`)).exit, 0, kind);
    await until(async () => (await sessionOf(lab, kind)).lastError !== null);
  }
  const counts = async () => (await report(lab)).sessions.slice(0, 2);
  await until(async () => (await counts()).every((each: { state: string }) => each.state === "Established"));
  t.match(await counts(), [{ establishedCount: 2 }, { establishedCount: 2 }]);
  t.equal((await fe80("reset", lab, "r1", "--soft", "both")).exit, 0);
  t.equal((await fe80("announce", lab, "r1", "2001:db8:9::/48")).exit, 0);
  await until(async () => (await routersTo(lab, "2001:db8:9::/48")).has("frr"));
  t.equal((await fe80("exec", lab, "frr", "--", "ping", "-c1", "-W2", "2001:db8:9::1")).exit, 0);
  t.equal((await fe80("withdraw", lab, "r1", "2001:db8:9::/48")).exit, 0);
  await until(async () => (await routersTo(lab, "2001:db8:9::/48")).size === 0);
  t.equal((await fe80("reset", lab, "r1")).stdout, "r1 is reset\n");
});

async function routersTo(lab: string, prefix: string): Promise<Set<unknown>> {
  const { routes } = await report(lab);
  const found = routes.filter((route: Record<string, unknown>) => route["prefix"] === prefix);
  return new Set(found.map(({ router }: Record<string, unknown>) => router));
}

/** Of r1 with the router that is called like its kind. */
async function sessionOf(lab: string, kind: string) {
  const { sessions } = await report(lab);
  return sessions.find(
    ({ router, peerRouter }: Record<string, unknown>) => router === "r1" && peerRouter === kind,
  );
}
