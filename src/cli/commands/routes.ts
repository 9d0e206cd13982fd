import { type Command, Option } from "commander";
import type { RoutesTarget } from "../../lab/routes.ts";
import type { Invocation } from "../cli.ts";
import { type Format, formatOption } from "../options.ts";

interface RoutesFlags {
  readonly in?: string;
  readonly out?: string;
  readonly format: Format;
}

export function routesCommand(program: Command, cli: Invocation): void {
  program
    .command("routes")
    .summary("show what a router knows of its routes, and why it uses which")
    .argument("<lab>", "name of a lab, or its topology file")
    .argument("<router>", "one of its routers")
    .argument("[prefix]", "show all of the routes to this prefix alone")
    .addOption(
      new Option("--in <peer>", "what a peer told, as it came; the peer by its interface or name").conflicts(
        "out",
      ),
    )
    .addOption(new Option("--out <peer>", "what a peer is told"))
    .addOption(formatOption())
    .action((lab: string, router: string, prefix: string | undefined, flags: RoutesFlags) =>
      run({ lab, router, prefix, peer: peerOf(flags) }, flags.format, cli),
    );
}

function peerOf(flags: RoutesFlags): RoutesTarget["peer"] {
  if (flags.in !== undefined) return { direction: "in", name: flags.in };
  return flags.out === undefined ? undefined : { direction: "out", name: flags.out };
}

async function run(target: RoutesTarget, format: Format, cli: Invocation): Promise<void> {
  const environment = await cli.environment();
  const [{ routes }, { routeLines }] = await Promise.all([
    import("../../lab/routes.ts"),
    import("../../report/route-lines.ts"),
  ]);
  const parts = routes(target, { signal: cli.signal }, environment);
  const detailed = target.prefix !== undefined;
  for await (const line of routeLines(parts, { format, detailed })) cli.out(line);
}
