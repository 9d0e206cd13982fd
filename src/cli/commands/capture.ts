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
  const environment = await cli.environment();
  const { printPackets, recordPackets } = await import("../../lab/capture.ts");
  const target = { lab, endpoint: where };
  if (write === undefined) {
    return cli.finish(await printPackets(target, { filter, signal: cli.signal }, environment));
  }
  const output = write === "-" ? cli.outOctets : write;
  await untilClosed(cli, (signal) => recordPackets(target, { filter, output, signal }, environment));
}

async function runBgp({ filter, ...target }: What, { write }: CaptureFlags, cli: Invocation): Promise<void> {
  if (write !== undefined || filter.length > 0) throw new UsageError("--bgp takes neither -w nor a filter");
  const environment = await cli.environment();
  const [{ captureBgp }, { formatMessageLine }] = await Promise.all([
    import("../../lab/capture-bgp.ts"),
    import("../../report/message-line.ts"),
  ]);
  const onMessage = (message: Parameters<typeof formatMessageLine>[0]) => cli.out(formatMessageLine(message));
  await untilClosed(cli, (signal) => captureBgp(target, { onMessage, signal }, environment));
}

/** Nobody reading any more is a way to end. */
async function untilClosed(cli: Invocation, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  try {
    await work(AbortSignal.any([cli.signal, cli.outputClosed]));
  } catch (error) {
    if (!cli.outputClosed.aborted) throw error;
  }
}
