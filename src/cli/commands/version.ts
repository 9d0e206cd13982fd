import type { Command } from "commander";
import type { Invocation } from "../cli.ts";
import { Exit, errorLines } from "../exit.ts";
import { type Format, formatOption } from "../options.ts";

interface Flags {
  readonly images?: boolean;
  readonly format: Format;
}

export function versionCommand(program: Command, cli: Invocation): void {
  program
    .command("version")
    .summary("print the version of fe80")
    .option("--images", "print the container images of this version, and which of them the Docker Engine has")
    .addOption(formatOption())
    .action((flags: Flags) => (flags.images ? listImages(flags, cli) : printVersion(flags, cli)));
}

function printVersion({ format }: Flags, { version, out }: Invocation): void {
  out(format === "json" ? JSON.stringify({ version }) : version);
}

/** What is pinned is told even if no engine is there to be asked. */
async function listImages({ format }: Flags, cli: Invocation): Promise<void> {
  const { imageLines } = await import("../../report/image-lines.ts");
  const { images, failure } = await cli.images();
  for (const line of imageLines(images, { format })) cli.out(line);
  if (failure === undefined) return;
  for (const line of errorLines(failure)) cli.err(line);
  cli.finish(Exit.failed);
}
