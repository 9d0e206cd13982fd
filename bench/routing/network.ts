import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The two ends of one link: `ethN` in both namespaces. */
export interface Link {
  readonly ifname: string;
  readonly daemon: End;
  readonly peer: End;
}

export interface End {
  readonly linkLocal: string;
  /** For the daemon that cannot do without. */
  readonly ipv4: string;
  readonly asn: number;
  readonly routerId: string;
}

export const DAEMON_ASN = 65_000;
const FIRST_PEER_ASN = 65_001;

/**
 * A namespace for the daemon and one for its peers, and a veth pair for each peer; link 0 is that of the peer that
 * announces. Disposing of it ends whatever runs in the namespaces and removes them.
 */
export class Network implements Disposable {
  static #made = 0;
  readonly daemon: string;
  readonly peers: string;
  readonly links: readonly Link[];
  /** For files of the daemon's; anybody may read it. */
  readonly directory = mkdtempSync(join(tmpdir(), "fe80bench-"));

  readonly #elsewhere: string[] = [];

  constructor(peers: number) {
    const name = `fe80bench.${process.pid}.${++Network.#made}`;
    this.daemon = `${name}.daemon`;
    this.peers = `${name}.peers`;
    this.links = Array.from({ length: peers }, (_, index) => link(index));
    open.add(this);
    execFileSync("chmod", ["755", this.directory]);
    for (const netns of [this.daemon, this.peers]) ip("netns", "add", netns);
    const lines = [this.daemon, this.peers].map((netns) => `-n ${netns} link set lo up`);
    for (const line of [...lines, ...this.links.flatMap((each) => this.#plumb(each))]) ip(...line.split(" "));
  }

  /** Processes in the daemon's namespace: it and all that it started. */
  processes(): number[] {
    return pidsIn(this.daemon);
  }

  /** Makes a directory in a place that a daemon insists on; it goes with the network. */
  makeDirectory(path: string): void {
    this.#elsewhere.push(path);
    mkdirSync(path, { recursive: true });
  }

  [Symbol.dispose](): void {
    if (!open.delete(this)) return;
    for (const netns of [this.daemon, this.peers]) {
      for (const pid of pidsIn(netns)) end(pid);
      try {
        ip("netns", "del", netns);
      } catch {
        // It was not made yet.
      }
    }
    for (const path of [this.directory, ...this.#elsewhere]) rmSync(path, { recursive: true, force: true });
  }

  #plumb({ ifname, daemon, peer }: Link): string[] {
    return [
      `-n ${this.daemon} link add ${ifname} type veth peer name ${ifname} netns ${this.peers}`,
      ...[[this.daemon, daemon] as const, [this.peers, peer] as const].flatMap(
        ([netns, { linkLocal, ipv4 }]) => [
          `-n ${netns} link set ${ifname} addrgenmode none`,
          `-n ${netns} addr add ${linkLocal}/64 dev ${ifname} nodad`,
          `-n ${netns} addr add ${ipv4}/24 dev ${ifname}`,
          `-n ${netns} link set ${ifname} up`,
        ],
      ),
    ];
  }
}

const open = new Set<Network>();
process.once("exit", () => {
  for (const network of open) network[Symbol.dispose]();
});

function link(index: number): Link {
  const end = (host: number, asn: number, routerId: string): End => ({
    linkLocal: `fe80::${host}:${index + 1}`,
    ipv4: `10.255.${index}.${host}`,
    asn,
    routerId,
  });
  return {
    ifname: `eth${index}`,
    daemon: end(1, DAEMON_ASN, "10.0.0.1"),
    peer: end(2, FIRST_PEER_ASN + index, `10.0.1.${index + 1}`),
  };
}

function ip(...args: string[]): string {
  return execFileSync("ip", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

function pidsIn(netns: string): number[] {
  if (!readdirSync("/run/netns").includes(netns)) return [];
  return ip("netns", "pids", netns).split("\n").filter(Boolean).map(Number);
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has just ended by itself.
  }
}
