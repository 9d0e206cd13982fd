import { ProgramNotFoundError } from "../runtime/errors.ts";
import type { Environment } from "./environment.ts";
import { ProgramMissingError } from "./errors.ts";
import { exec } from "./exec.ts";
import { runningInterface } from "./names.ts";

interface CaptureOptions {
  /** A file, or `"-"` for standard output; undefined to print packets in words. */
  readonly write: string | undefined;
  /** As in pcap-filter(7). */
  readonly filter: readonly string[];
  readonly signal: AbortSignal;
}

type Command = readonly [program: string, ...args: string[]];

/**
 * Records the packets of an interface with the program that is installed for it, until that ends, and gives its exit code.
 *
 * @param target `lab` as for `exec`; `endpoint` is `router:ifname`
 * @throws {ProgramMissingError} {@link RouterUnknownError} {@link InterfaceUnknownError}
 */
export async function capture(
  target: { lab: string; endpoint: string },
  { write, filter, signal }: CaptureOptions,
  environment: Environment,
): Promise<number> {
  const { ifname, ...found } = await runningInterface(target, environment);
  const commands = write === undefined ? [inWords(ifname, filter)] : writers({ ifname, write, filter });
  const command = commands.find(([program]) => isInstalled(program, environment));
  if (command) return await exec(found, { command, signal }, environment);
  throw new ProgramMissingError("no program that captures packets is installed", {
    hint: "apt-get install tcpdump",
  });
}

const inWords = (ifname: string, filter: readonly string[]): Command => [
  "tcpdump",
  ...["-i", ifname, "-n", "-l"],
  ...filter,
];

/** The best first: dumpcap writes pcapng, tcpdump pcap, each packet as soon as it comes. */
function writers(of: { ifname: string; write: string; filter: readonly string[] }): Command[] {
  const { ifname, write, filter } = of;
  const expression = filter.length === 0 ? [] : ["-f", filter.join(" ")];
  return [
    ["dumpcap", "-q", "-i", ifname, "-w", write, ...expression],
    // Otherwise it gives up root's rights, and cannot write where root can.
    ["tcpdump", "-i", ifname, "-U", "-Z", "root", "-w", write, ...filter],
  ];
}

function isInstalled(program: string, { findProgram }: Environment): boolean {
  try {
    findProgram(program);
    return true;
  } catch (error) {
    if (error instanceof ProgramNotFoundError) return false;
    throw error;
  }
}
