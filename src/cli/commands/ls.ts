import type { Command } from "commander";
import type { Invocation } from "../cli.ts";
import { type Format, formatOption } from "../options.ts";

export function lsCommand(program: Command, cli: Invocation): void {
  program
    .command("ls")
    .summary("list the labs of this machine")
    .addOption(formatOption())
    .action(({ format }: { format: Format }) => listLabs(format, cli));
}

export async function listLabs(format: Format, cli: Invocation): Promise<void> {
  const environment = await cli.environment();
  const [{ labs }, { labListLines }] = await Promise.all([
    import("../../lab/labs.ts"),
    import("../../report/lab-list.ts"),
  ]);
  for (const line of labListLines(await labs(environment), { format })) cli.out(line);
}
