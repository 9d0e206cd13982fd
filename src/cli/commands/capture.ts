import type { Command } from "commander";
import type { Invocation } from "../cli.ts";
import { UsageError } from "../exit.ts";

interface CaptureFlags {
  readonly bgp?: boolean;
  readonly write?: string;
}

export function captureCommand(program: Command, cli: Invocation): void {
  program
    .command("capture")
    .summary("record the packets of an interface, or print the BGP messages of a lab in words")
    .argument("<lab>", "name of a lab, or its topology file")
    .argument("[where]", "an interface such as r1:eth0; with --bgp also a router, or nothing for all links")
    .argument("[filter...]", "which packets, as tcpdump has it: tcp port 179")
    .option("-w, --write <file>", "write a file for Wireshark; - is standard output")
    .option("--bgp", "print BGP messages in words instead")
    .action((lab: string, where: string | undefined, filter: string[], flags: CaptureFlags) =>
      flags.bgp ? runBgp({ lab, where, filter }, flags, cli) : run({ lab, where, filter }, flags, cli),
    );
}

interface What {
  readonly lab: string;
  readonly where: string | undefined;
  readonly filter: readonly string[];
}

async function run({ lab, where, filter }: What, { write }: CaptureFlags, cli: Invocation): Promise<void> {
  if (where === undefined) throw new UsageError("name an interface, such as r1:eth0, or give --bgp");
  const { capture } = await import("../../lab/capture.ts");
  const options = { write, filter, signal: cli.signal };
  cli.finish(await capture({ lab, endpoint: where }, options, await cli.environment()));
}

async function runBgp({ filter, ...target }: What, { write }: CaptureFlags, cli: Invocation): Promise<void> {
  if (write !== undefined || filter.length > 0) throw new UsageError("--bgp takes neither -w nor a filter");
  const [{ captureBgp }, { formatMessageLine }] = await Promise.all([
    import("../../lab/capture-bgp.ts"),
    import("../../report/message-line.ts"),
  ]);
  const options = {
    onMessage: (message: Parameters<typeof formatMessageLine>[0]) => cli.out(formatMessageLine(message)),
    signal: AbortSignal.any([cli.signal, cli.outputClosed]),
  };
  try {
    await captureBgp(target, options, await cli.environment());
  } catch (error) {
    if (!cli.outputClosed.aborted) throw error;
  }
}
