import type { Command } from "commander";
import type { Invocation } from "../cli.ts";

export function versionCommand(program: Command, cli: Invocation): void {
  program
    .command("version")
    .summary("print the version of fe80")
    .action(() => cli.out(cli.version));
}
