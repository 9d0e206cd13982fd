import type { Cli } from "../../src/cli/cli.ts";
import { main } from "../../src/cli/main.ts";
import { FakeMachine } from "../lab/fake-machine.ts";

export interface Run {
  readonly exit: number;
  readonly out: string[];
  readonly err: string[];
}

/** Runs a command line on a machine in memory. */
export async function run(
  args: readonly string[],
  machine: FakeMachine = new FakeMachine(),
  change: Partial<Cli> = {},
): Promise<Run> {
  const [out, err]: [string[], string[]] = [[], []];
  const { signal } = new AbortController();
  const cli: Cli = {
    version: "1.2.3",
    directories: machine.environment.directories,
    clock: machine.environment.clock,
    speakers: machine.environment,
    environment: async () => machine.environment,
    images: async () => ({ images: [] }),
    out: (line) => out.push(line),
    outOctets: (octets) => out.push(`${octets.length} octets`),
    err: (line) => err.push(line),
    live: () => {},
    variables: {},
    signal,
    outputClosed: new AbortController().signal,
    ...change,
  };
  return { exit: await main(args, cli), out, err };
}
