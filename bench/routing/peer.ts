import { connect, type Socket } from "node:net";
import { Counter } from "./counter.ts";
import { keepalive, open } from "./messages.ts";
import {
  monotonic,
  type PeerCommand,
  type PeerEvent,
  type PeerSession,
  type PeerTask,
} from "./peer-protocol.ts";
import { announcements, withdrawals } from "./routes.ts";

/**
 * The daemon's peers as one process: one that announces, or some that count what they are told. It runs in a namespace of
 * its own, which `ip netns exec` has entered, so that Node's own `connect` finds the zone of a link-local address.
 */

const RETRY_MS = 100;

const task = JSON.parse(process.argv[2] ?? "") as PeerTask;
const tell = (event: PeerEvent) => process.send?.(event);

class Session {
  readonly #config: PeerSession;
  readonly #counter = new Counter({
    open: () => this.#socket?.write(keepalive),
    keepalive: () => this.#keepalive(),
    update: (announced, withdrawn) => this.#update(announced, withdrawn),
    notification: (code, subcode) => this.#fail(`NOTIFICATION ${code}/${subcode}`),
  });
  #socket: Socket | undefined;
  #established = false;
  #lastKeepalive = 0;
  #longestGap = 0;
  announced = 0;
  withdrawn = 0;

  constructor(config: PeerSession) {
    this.#config = config;
    this.#dial();
  }

  get keepaliveGap(): number {
    return Math.max(this.#longestGap, monotonic() - this.#lastKeepalive);
  }

  get established(): boolean {
    return this.#established;
  }

  /** Gaps are counted from now on. */
  forgetGaps(): void {
    this.#longestGap = 0;
  }

  write(octets: Uint8Array): void {
    this.#socket?.write(octets);
  }

  /** The daemon may not listen yet, or close what comes too early. */
  #dial(): void {
    const socket = connect({ host: this.#config.address, port: 179, noDelay: true });
    this.#socket = socket;
    socket.once("connect", () => {
      socket.write(open({ ...this.#config, holdTime: task.holdTime }));
    });
    socket.on("data", (chunk) => this.#counter.push(chunk));
    socket.on("error", () => {});
    socket.once("close", () => {
      if (this.#established) this.#fail("the connection was closed");
      else setTimeout(() => this.#dial(), RETRY_MS);
    });
  }

  #keepalive(): void {
    const now = monotonic();
    if (this.#established) {
      this.#longestGap = Math.max(this.#longestGap, now - this.#lastKeepalive);
    } else {
      this.#established = true;
      setInterval(() => this.write(keepalive), (task.holdTime * 1000) / 3);
      onEstablished();
    }
    this.#lastKeepalive = now;
  }

  #update(announced: number, withdrawn: number): void {
    const before = { announced: this.announced, withdrawn: this.withdrawn };
    this.announced += announced;
    this.withdrawn += withdrawn;
    for (const type of ["announced", "withdrawn"] as const) {
      if (before[type] < task.expected && this[type] >= task.expected) onComplete(type);
    }
  }

  #fail(reason: string): void {
    if (this.#established) tell({ type: "failed", reason: `${this.#config.address}: ${reason}` });
  }
}

function onEstablished(): void {
  if (sessions.every(({ established }) => established)) tell({ type: "established" });
}

function onComplete(type: "announced" | "withdrawn"): void {
  if (sessions.every((session) => session[type] >= task.expected)) tell({ type, at: monotonic() });
}

/** Made before the session is, so that what is measured is the daemon. */
function streams(): Partial<Record<PeerCommand, Uint8Array>> {
  const [first] = task.sessions;
  if (!task.routes || !first) return {};
  const routes = { ...task.routes, asn: first.asn, nextHop: Uint8Array.from(first.nextHop) };
  return { announce: announcements(routes), withdraw: withdrawals(routes) };
}

const stream = streams();
const sessions = task.sessions.map((config) => new Session(config));

process.on("message", (command: PeerCommand) => {
  const octets = stream[command];
  if (octets) {
    tell({ type: "writing", at: monotonic() });
    sessions[0]?.write(octets);
  } else if (command === "report") {
    const keepaliveGap = Math.max(...sessions.map((session) => session.keepaliveGap));
    tell({ type: "report", keepaliveGap, counts: sessions.map(({ announced }) => announced) });
  } else {
    for (const session of sessions) session.forgetGaps();
  }
});
process.once("disconnect", () => process.exit());
