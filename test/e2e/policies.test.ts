import { writeFileSync } from "node:fs";
import t from "tap";
import { fe80, file, nothing, traces, until } from "./command.ts";

const lab = (rule: string) =>
  [
    "name: e2e-policies",
    `policies: { taken: [${rule}] }`,
    "routers:",
    "  r1: { originate: [10.0.1.0/24] }",
    "  r2: { import: taken }",
    "  r3:",
    "links: [r1 -- r2, r2 -- r3, r3 -- r1]",
  ].join("\n");

t.test("policies of a running lab are changed without a reset, and routes tell why", async (t) => {
  const before = traces("e2e-policies");
  const path = file(t, lab("accept"));
  const up = await fe80("up", "-q", path);
  t.equal(up.exit, 0, up.stderr);

  const nearest = await fe80("routes", "e2e-policies", "r2", "10.0.1.0/24");
  t.match(nearest.stdout, /^> 10\.0\.1\.0\/24 best: shortest AS path\n +peer +AS 64512, fe80::1 on eth0$/m);

  writeFileSync(path, lab("{ match: { as-path: '^64514_' }, set: { local-pref: 200 } }, accept"));
  const applied = await fe80("policy", "apply", path);
  t.equal(applied.exit, 0, applied.stderr);
  t.equal(applied.stdout, "r2 has other policies: reimport\n");
  const preferred = await fe80("routes", "e2e-policies", "r2", "10.0.1.0/24");
  t.match(
    preferred.stdout,
    /^> 10\.0\.1\.0\/24 best: highest LOCAL_PREF\n +peer +AS 64514, fe80::3 on eth1$/m,
  );
  const inspected = await fe80("inspect", "e2e-policies", "-f", "json");
  t.match(JSON.parse(inspected.stdout), { converged: true });
  t.match(
    JSON.parse(inspected.stdout).sessions.map(
      (session: { establishedCount: number }) => session.establishedCount,
    ),
    [1, 1, 1, 1, 1, 1],
  );

  const told = await fe80("routes", "e2e-policies", "r3", "--out", "r2");
  t.match(told.stdout, /10\.0\.1\.0\/24 +fe80::3 +- +64514 64512 /);
  t.equal((await fe80("down", "e2e-policies")).exit, 0);
  t.strictSame(traces("e2e-policies"), nothing(before));
});

t.test("another program reads its other policies", async (t) => {
  const lab = "e2e-policies-bird";
  t.teardown(() => fe80("down", lab, "-q"));
  const text = (preference: number) =>
    `name: ${lab}
policies: { taken: [{ set: { local-pref: ${preference} } }] }
routers: { r1: { originate: [10.0.1.0/24] }, r2: { kind: bird, import: taken } }
links: [r1 -- r2]
`;
  const path = file(t, text(200));
  const up = await fe80("up", "-q", path);
  t.equal(up.exit, 0, up.stderr);
  const ask = ["birdc", "-s", `/run/fe80/${lab}/bird-r2.sock`, "show", "route", "all"];
  const routes = async () => (await fe80("exec", lab, "r2", "--", ...ask)).stdout;
  t.match(await routes(), /BGP\.local_pref: 200\n/);

  writeFileSync(path, text(300));
  const applied = await fe80("policy", "apply", path);
  t.equal(applied.exit, 0, applied.stderr);
  t.equal(applied.stdout, "r2 has other policies: reimport\n");
  await until(async () => (await routes()).includes("BGP.local_pref: 300\n"));
});
