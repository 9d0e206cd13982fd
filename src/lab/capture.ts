import { closeSync, openSync, writeSync } from "node:fs";
import { PassThrough } from "node:stream";
import { pcapngHeader, pcapngPacket } from "../capture/pcapng.ts";
import { formatEndpoint } from "../net/endpoint.ts";
import { ProgramNotFoundError } from "../runtime/errors.ts";
import { isInOwnNamespaces } from "../runtime/rootless/settings.ts";
import type { Command, Frame, PacketFilter } from "../runtime/runtime.ts";
import { messageOf } from "../std/errors.ts";
import type { Environment } from "./environment.ts";
import { FileUnwritableError, ProgramMissingError } from "./errors.ts";
import { runningInterface } from "./names.ts";
import { listen } from "./tap.ts";

interface Target {
  /** As for `exec`. */
  readonly lab: string;
  /** `router:ifname` */
  readonly endpoint: string;
}

interface CaptureOptions {
  /** As in pcap-filter(7), which tcpdump reads. */
  readonly filter: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Prints the packets of an interface as tcpdump does, until Ctrl-C, until the lab is gone, or until nobody reads it, and gives its exit code.
 *
 * @throws as {@link recordPackets} does
 */
export async function printPackets(
  target: Target,
  { filter, signal }: CaptureOptions,
  environment: Environment,
): Promise<number> {
  const packets = new PassThrough();
  const unread = new AbortController();
  const printed = withTcpdump(() => environment.runtime.print(printer(), packets));
  printed.then(
    () => unread.abort(),
    (error) => unread.abort(error),
  );
  try {
    const output = (octets: Uint8Array) => void packets.write(octets);
    const either = AbortSignal.any([signal, unread.signal]);
    await recordPackets(target, { filter, output, signal: either }, environment);
  } catch (error) {
    if (!unread.signal.aborted) throw error;
  } finally {
    packets.end();
  }
  return await printed;
}

/** As root tcpdump wants to become another user, whom a user's own namespaces do not have: there it is nobody. */
function printer(): Command {
  const nobody = ["unshare", "--user", "--map-user=65534", "--map-group=65534", "tcpdump"] as const;
  const [program, ...args] = isInOwnNamespaces() ? nobody : (["tcpdump"] as const);
  return [program, ...args, "-n", "-l", "-r", "-"];
}

/**
 * Writes the packets of an interface as pcapng, each as soon as it comes, until Ctrl-C or until the lab is gone.
 *
 * @param output the path of a file, or what takes octets
 * @throws {FileUnwritableError}; {@link ProgramMissingError} if there is a filter and no tcpdump to read it
 */
export async function recordPackets(
  target: Target,
  options: CaptureOptions & { readonly output: string | ((octets: Uint8Array) => void) },
  environment: Environment,
): Promise<void> {
  const found = await runningInterface(target, environment);
  const filter = await compileFilter(options, environment);
  using output = new Output(options.output);
  output.write(pcapngHeader(formatEndpoint(found)));
  const onFrame = ({ octets, sent }: Frame) =>
    output.write(pcapngPacket({ time: environment.clock.wallTime(), sent, octets }));
  const signal = AbortSignal.any([options.signal, output.failed]);
  await listen([found], { onFrame, filter, signal }, environment);
}

/** Where octets go. Once one could not be written no more are. */
class Output implements Disposable {
  readonly #failure = new AbortController();
  readonly #write: (octets: Uint8Array) => void;
  readonly #fd: number | undefined;

  /** @throws {FileUnwritableError} */
  constructor(output: string | ((octets: Uint8Array) => void)) {
    if (typeof output !== "string") {
      this.#write = output;
      return;
    }
    const fd = attempt(() => openSync(output, "w"));
    this.#fd = fd;
    this.#write = (octets) => void attempt(() => writeSync(fd, octets));
  }

  /** Aborts with the reason why something could not be written. */
  get failed(): AbortSignal {
    return this.#failure.signal;
  }

  write(octets: Uint8Array): void {
    if (this.failed.aborted) return;
    try {
      this.#write(octets);
    } catch (error) {
      this.#failure.abort(error);
    }
  }

  [Symbol.dispose](): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
  }
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new FileUnwritableError(`the packets cannot be written: ${messageOf(cause)}`, { cause });
  }
}

/** The kernel's program for a filter, as only libpcap knows to make it (`tcpdump -ddd`). */
async function compileFilter(
  { filter, signal }: CaptureOptions,
  { runtime }: Environment,
): Promise<PacketFilter | undefined> {
  if (filter.length === 0) return undefined;
  const command = ["tcpdump", "-y", "EN10MB", "-ddd", ...filter] as const;
  const [output = ""] = await withTcpdump(() => runtime.run(here, [command], { signal }));
  const [, ...lines] = output.trim().split("\n");
  return lines.map((line) => {
    const [code = 0, ifTrue = 0, ifFalse = 0, value = 0] = line.split(" ").map(Number);
    return { code, ifTrue, ifFalse, value };
  });
}

/** This machine, wherever the routers are. */
const here = { place: { type: "machine" } } as const;

/** @throws {ProgramMissingError} without tcpdump */
async function withTcpdump<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof ProgramNotFoundError)) throw cause;
    throw new ProgramMissingError("the program tcpdump is not installed", {
      cause,
      hint: "apt-get install tcpdump",
    });
  }
}
