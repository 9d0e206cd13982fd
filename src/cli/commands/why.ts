import type { Command } from "commander";
import type { WhyTarget } from "../../lab/why.ts";
import type { Invocation } from "../cli.ts";
import { Exit } from "../exit.ts";
import { type Format, formatOption } from "../options.ts";

export function whyCommand(program: Command, cli: Invocation): void {
  program
    .command("why")
    .summary("say why a session is not up, or a route not there: the first thing on its way that is broken")
    .argument("<lab>", "name of a lab, or its topology file")
    .argument("<router:ifname|router>", "a session, or the router that should have a route")
    .argument("[prefix]", "the prefix that the route is to")
    .addOption(formatOption())
    .action((lab: string, subject: string, prefix: string | undefined, flags: { format: Format }) =>
      run({ lab, subject, prefix }, flags.format, cli),
    );
}

async function run(target: WhyTarget, format: Format, cli: Invocation): Promise<void> {
  const environment = await cli.environment();
  const [{ why }, { whyLines }] = await Promise.all([
    import("../../lab/why.ts"),
    import("../../report/why-lines.ts"),
  ]);
  const explanation = await why(target, { signal: cli.signal }, environment);
  for (const line of whyLines(explanation, { format })) cli.out(line);
  if (explanation.cause) cli.finish(Exit.failed);
}
