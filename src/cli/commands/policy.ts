import { type Command, Option } from "commander";
import type { RouteText } from "../../lab/route-text.ts";
import type { Invocation } from "../cli.ts";
import { type Format, formatOption } from "../options.ts";

type TestFlags = RouteText & { readonly router?: string; readonly format: Format };

export function policyCommand(program: Command, cli: Invocation): void {
  const policy = program
    .command("policy")
    .summary("try out the policies of a topology, and change those of a lab");
  testCommand(policy, cli);
  applyCommand(policy, cli);
}

function testCommand(policy: Command, cli: Invocation): void {
  policy
    .command("test")
    .summary("show what a policy makes of a route, and which rule decides")
    .argument("<file>", "topology file")
    .argument("<policy>", 'name of a policy, or "eth0 import" for rules at a session of --router')
    .requiredOption("--prefix <prefix>", "e.g. 10.0.1.0/24")
    .option("--as-path <asns>", 'e.g. "64512 64513 {1,2}" (empty)')
    .option("--origin <origin>", "igp, egp or incomplete (igp)")
    .option("--med <number>", "its MULTI_EXIT_DISC")
    .option("--local-pref <number>", "its LOCAL_PREF")
    .option("--community <communities...>", "e.g. 64512:100 no-export")
    .option("--large-community <communities...>", "e.g. 64512:1:2")
    .option("--ext-community <communities...>", "e.g. rt:64512:1")
    .option("--next-hop <address>", "e.g. fe80::1")
    .option("--from <ifname>", "interface of the peer that told of it; its AS is the first of the path")
    .option("--router <router>", "whose policy it is (the first one)")
    .addOption(formatOption())
    .action((file: string, name: string, flags: TestFlags) => runTest({ file, name }, flags, cli));
}

async function runTest(
  target: { file: string; name: string },
  flags: TestFlags,
  cli: Invocation,
): Promise<void> {
  const [{ testPolicy }, { policyLines }] = await Promise.all([
    import("../../lab/policy-test.ts"),
    import("../../report/policy-lines.ts"),
  ]);
  const { file, name: policy } = target;
  const judged = await testPolicy({ file, policy, router: flags.router }, flags);
  for (const line of policyLines(judged, flags)) cli.out(line);
}

function applyCommand(policy: Command, cli: Invocation): void {
  policy
    .command("apply")
    .summary("give a running lab the policies of its topology file, without a reset of any session")
    .argument("<file>", "topology file")
    .argument("[lab]", "name of the lab (that of the file)")
    .addOption(new Option("-q, --quiet", "tell nothing of what changed"))
    .action((file: string, lab: string | undefined, flags: { quiet?: boolean }) =>
      runApply({ file, lab }, flags, cli),
    );
}

async function runApply(
  { file, lab }: { file: string; lab: string | undefined },
  { quiet = false }: { quiet?: boolean },
  cli: Invocation,
): Promise<void> {
  const environment = await cli.environment();
  const [{ readPlan }, { applyPolicies }] = await Promise.all([
    import("../../lab/topology-file.ts"),
    import("../../lab/policy-apply.ts"),
  ]);
  const plan = await readPlan(file, cli.directories);
  const applied = await applyPolicies({ plan, lab }, { signal: cli.signal }, environment);
  if (quiet) return;
  if (applied.length === 0) cli.out("no router has other policies");
  for (const { router, effects } of applied)
    cli.out(`${router} has other policies: ${effects.join(", ") || "nothing to do"}`);
}
