import { Socket } from "node:net";
import type { Test } from "tap";
import { Framer } from "../../src/bgp/wire/framer.ts";
import { Poller } from "../../src/linux/poller.ts";
import { SystemError } from "../../src/linux/system-error.ts";
import { dialTcp } from "../../src/linux/tcp.ts";
import { deadline } from "../bgp/speaker/trio.ts";
import { type FeederEnd, until } from "./lab.ts";
import { asPath, keepalive, open, origin, reach, update } from "./octets.ts";

/** A peer that says exactly what a test wants, to whichever router it stands at. */
export class Feeder {
  readonly #from: FeederEnd;
  readonly #socket: Socket;

  private constructor(from: FeederEnd, socket: Socket) {
    this.#from = from;
    this.#socket = socket;
  }

  /** Dials until the router takes it for its peer; the connection lasts until the test ends. */
  static async establish(t: Test, from: FeederEnd): Promise<Feeder> {
    const poller = new Poller();
    t.teardown(() => poller[Symbol.dispose]());
    let established: Socket | undefined;
    await until(`feeder ${from.asn} is Established`, async () => {
      established = await attempt(from, poller);
      return established !== undefined;
    });
    const socket = established as unknown as Socket;
    t.teardown(() => socket.destroy());
    return new Feeder(from, socket);
  }

  /** Whether the router has not ended the session. */
  get isUp(): boolean {
    return !this.#socket.closed && !this.#socket.readableEnded;
  }

  send(message: readonly number[]): void {
    this.#socket.write(Uint8Array.from(message));
  }

  /** A prefix as it should be, with more attributes. */
  announce(prefix: string, ...attributes: number[][]): void {
    const { asn, end } = this.#from;
    this.send(update(origin, asPath(asn), ...attributes, reach(prefix, end.address)));
  }
}

/** Both OPENs and the first keepalive of either; undefined if the router does not want that yet. */
async function attempt({ end, asn, to }: FeederEnd, poller: Poller): Promise<Socket | undefined> {
  const socket = await dial({ end, to, poller });
  if (!socket) return undefined;
  socket.on("error", () => {});
  socket.write(Uint8Array.from([...open(asn, [10, 0, 1, asn & 0xff]), ...keepalive]));
  const framer = new Framer();
  return new Promise((resolve) => {
    socket.once("close", () => resolve(undefined));
    socket.on("data", (chunk) => {
      for (const { type } of framer.push(chunk)) if (type === "keepalive") resolve(socket);
    });
  });
}

async function dial({ end, to, poller }: { end: FeederEnd["end"]; to: FeederEnd["to"]; poller: Poller }) {
  const target = { netns: end.netns, ifindex: end.ifindex, address: to, port: 179 };
  try {
    const fd = await dialTcp(target, { poller, signal: deadline() });
    return new Socket({ fd, readable: true, writable: true });
  } catch (error) {
    if (error instanceof SystemError) return undefined; // nobody listens yet
    throw error;
  }
}
