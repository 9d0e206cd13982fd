import { Argument, type Command } from "commander";
import type { Invocation } from "../cli.ts";
import { UsageError } from "../exit.ts";
import { forOption } from "../options.ts";

type Verb = "down" | "up" | "flap";

/** How long a flap lasts unless it is said. */
const flapMs = 1000;

export function linkCommand(program: Command, cli: Invocation): void {
  program
    .command("link")
    .summary("set an interface of a router down or up, or both in turn")
    .addArgument(new Argument("<what>").choices(["down", "up", "flap"]))
    .argument("<lab>", "name of a lab, or its topology file")
    .argument("<interface>", "such as r1:eth0")
    .addOption(forOption())
    .action((verb: Verb, lab: string, endpoint: string, flags: { for?: number }) =>
      run(verb, { lab, endpoint, forMs: flags.for }, cli),
    );
}

async function run(
  verb: Verb,
  { forMs, ...target }: { lab: string; endpoint: string; forMs: number | undefined },
  cli: Invocation,
): Promise<void> {
  if (verb !== "flap" && forMs !== undefined) throw new UsageError(`--for is of no use with ${verb}`);
  const { changeLink } = await import("../../lab/link.ts");
  const change = verb === "flap" ? { type: verb, forMs: forMs ?? flapMs } : { type: verb };
  await changeLink(target, { change, signal: cli.signal }, await cli.environment());
  cli.out(`${target.endpoint} ${verb === "flap" ? "has flapped" : `is ${verb}`}`);
}
