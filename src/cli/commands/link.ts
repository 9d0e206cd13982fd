import { Argument, type Command, Option } from "commander";
import type { Direction, LinkChange } from "../../lab/link.ts";
import type { Invocation } from "../cli.ts";
import { UsageError } from "../exit.ts";
import { forOption } from "../options.ts";

type Verb = "down" | "up" | "flap" | "blackhole" | "restore";

interface Flags {
  readonly for?: number;
  readonly direction?: Direction;
}

/** How long a flap lasts unless it is said. */
const flapMs = 1000;

export function linkCommand(program: Command, cli: Invocation): void {
  program
    .command("link")
    .summary("set an interface of a router down or up, or let its packets vanish without a sign")
    .addArgument(
      new Argument("<what>", "flap is down and up; blackhole drops all packets, restore ends that").choices([
        "down",
        "up",
        "flap",
        "blackhole",
        "restore",
      ]),
    )
    .argument("<lab>", "name of a lab, or its topology file")
    .argument("<interface>", "such as r1:eth0")
    .addOption(forOption())
    .addOption(
      new Option(
        "--direction <direction>",
        "which packets vanish, as the interface sees them (both)",
      ).choices(["in", "out", "both"]),
    )
    .action((verb: Verb, lab: string, endpoint: string, flags: Flags) =>
      run(verb, { lab, endpoint, flags }, cli),
    );
}

async function run(
  verb: Verb,
  { flags, ...target }: { lab: string; endpoint: string; flags: Flags },
  cli: Invocation,
): Promise<void> {
  const change = changeOf(verb, flags);
  const environment = await cli.environment();
  const { changeLink } = await import("../../lab/link.ts");
  await changeLink(target, { change, signal: cli.signal }, environment);
  cli.out(`${target.endpoint} ${told[verb]}`);
}

function changeOf(verb: Verb, { for: forMs, direction }: Flags): LinkChange {
  const vanishes = verb === "blackhole" || verb === "restore";
  if (verb !== "flap" && forMs !== undefined) throw new UsageError(`--for is of no use with ${verb}`);
  if (!vanishes && direction !== undefined) throw new UsageError(`--direction is of no use with ${verb}`);
  if (verb === "flap") return { type: "link-flap", forMs: forMs ?? flapMs };
  if (vanishes) return { type: verb === "restore" ? "unblackhole" : verb, direction: direction ?? "both" };
  return { type: `link-${verb}` };
}

const told: Readonly<Record<Verb, string>> = {
  down: "is down",
  up: "is up",
  flap: "has flapped",
  blackhole: "is a black hole",
  restore: "lets packets pass",
};
