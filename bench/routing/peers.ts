import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { End, Link, Network } from "./network.ts";
import type { PeerCommand, PeerEvent, PeerSession, PeerTask } from "./peer-protocol.ts";

const program = fileURLToPath(new URL("./peer.ts", import.meta.url));

interface PeersOptions extends Pick<PeerTask, "routes" | "expected" | "holdTime"> {
  readonly network: Network;
  readonly links: readonly Link[];
  readonly addresses: "linkLocal" | "ipv4";
}

type EventOf<Type extends PeerEvent["type"]> = Extract<PeerEvent, { type: Type }>;

/** A process that is some of the daemon's peers; it ends with the network. Without any, nothing happens. */
export class Peers {
  readonly established: Promise<unknown>;
  /** Rejects when a session is lost; never resolves. */
  readonly failed: Promise<never>;
  readonly #child: ChildProcess | undefined;

  constructor({ network, links, addresses, ...rest }: PeersOptions) {
    const sessions = links.map((link) => sessionOf(link, addresses));
    const argument = JSON.stringify({ ...rest, sessions } satisfies PeerTask);
    const argv = ["netns", "exec", network.peers, process.execPath, program, argument];
    if (links.length > 0) this.#child = spawn("ip", argv, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.established = this.#child ? this.#next("established") : Promise.resolve();
    this.failed = this.#fail();
    this.failed.catch(() => {});
  }

  /** @returns when the first octet was written */
  async announce(): Promise<number> {
    return this.#write("announce");
  }

  async withdraw(): Promise<number> {
    return this.#write("withdraw");
  }

  /** When all peers have been told of all prefixes. */
  async when(type: "announced" | "withdrawn"): Promise<number> {
    return (await this.#next(type)).at;
  }

  forgetGaps(): void {
    this.#child?.send("forget" satisfies PeerCommand);
  }

  /** Milliseconds. */
  async keepaliveGap(): Promise<number> {
    if (!this.#child) return 0;
    const report = this.#next("report");
    this.#child.send("report" satisfies PeerCommand);
    return (await report).keepaliveGap;
  }

  async #write(command: PeerCommand): Promise<number> {
    const writing = this.#next("writing");
    this.#child?.send(command);
    return (await writing).at;
  }

  #next<Type extends PeerEvent["type"]>(type: Type): Promise<EventOf<Type>> {
    return new Promise((resolve) => {
      const listen = (event: PeerEvent) => {
        if (event.type !== type) return;
        this.#child?.off("message", listen);
        resolve(event as EventOf<Type>);
      };
      this.#child?.on("message", listen);
    });
  }

  async #fail(): Promise<never> {
    if (!this.#child) return new Promise(() => {});
    const ended = once(this.#child, "close").then(() => "the peer process ended");
    const reason = await Promise.race([this.#next("failed").then(({ reason }) => reason), ended]);
    throw new Error(reason);
  }
}

function sessionOf({ ifname, daemon, peer }: Link, addresses: "linkLocal" | "ipv4"): PeerSession {
  const address = addresses === "ipv4" ? daemon.ipv4 : `${daemon.linkLocal}%${ifname}`;
  return { address, asn: peer.asn, routerId: peer.routerId, nextHop: octetsOf(peer, addresses) };
}

/** A link-local next hop stands there twice, as FRR writes it: all daemons read that. */
function octetsOf({ linkLocal, ipv4 }: End, addresses: "linkLocal" | "ipv4"): number[] {
  if (addresses === "ipv4") return ipv4.split(".").map(Number);
  const [high = 0, low = 0] = linkLocal
    .slice("fe80::".length)
    .split(":")
    .map((text) => Number.parseInt(text, 16));
  const once = [0xfe, 0x80, ...new Array(10).fill(0), high >> 8, high & 0xff, low >> 8, low & 0xff];
  return [...once, ...once];
}
