import { writeSync } from "node:fs";
import { Socket } from "node:net";
import type { Test } from "tap";
import { decodeMessage, encodeMessages } from "../../../src/bgp/wire/codec.ts";
import { describeMessage } from "../../../src/bgp/wire/describe.ts";
import { Framer } from "../../../src/bgp/wire/framer.ts";
import type { Message, Open } from "../../../src/bgp/wire/message.ts";
import type { FileDescriptor } from "../../../src/linux/file-descriptor.ts";
import { check, libc } from "../../../src/linux/libc.ts";
import { Poller } from "../../../src/linux/poller.ts";
import {
  createSocket,
  SO_BINDTOIFINDEX,
  SOCK_STREAM,
  SOL_SOCKET,
  type SocketOption,
} from "../../../src/linux/socket.ts";
import { AF_INET6, encodeSockaddr } from "../../../src/linux/socket-address.ts";
import type { Address, RouterId } from "../../../src/net/address.ts";
import { asn } from "../../../src/net/asn.ts";
import { deadline, type End } from "./trio.ts";

const IPPROTO_TCP = 6;

/** Somebody who connects to a router's port 179 and says what a test wants. */
export interface Stranger {
  send(...messages: Message[]): void;
  /** What it is told, as text, until the router closes. Nothing is read before this is called, once. */
  heard(): AsyncGenerator<string>;
}

interface Target {
  readonly to: Address;
  readonly source?: Address;
  readonly options?: readonly SocketOption[];
}

/** Starts a connection with a source address and socket options of its own, until the test ends; gives its descriptor. */
export function startToConnect(t: Test, from: End, target: Target): number {
  const socket = begin(from, target);
  t.teardown(() => socket[Symbol.dispose]());
  return socket.fd;
}

/** A connection that has come up, or failed by now. */
export async function connectAsStranger(t: Test, from: End, target: Target): Promise<Stranger> {
  const own = begin(from, target);
  let shared: Socket | undefined;
  t.teardown(() => (shared ? shared.destroy() : own[Symbol.dispose]()));
  await writable(own.fd);
  return {
    send: (...messages) => {
      for (const octets of messages.flatMap((message) => encodeMessages(message, undefined))) {
        writeSync(own.fd, octets);
      }
    },
    heard: () => {
      shared = new Socket({ fd: own.fd, readable: true, writable: true });
      shared.on("error", () => {});
      return heard(shared);
    },
  };
}

function begin(from: End, { to, source, options = [] }: Target): FileDescriptor {
  const spec = { netns: from.netns, family: AF_INET6, type: SOCK_STREAM, protocol: IPPROTO_TCP };
  const socket = createSocket(spec, [[SOL_SOCKET, SO_BINDTOIFINDEX, from.ifindex], ...options]);
  const sockaddr = (address: Address, port: number) =>
    encodeSockaddr({ address, port, scopeId: from.ifindex });
  const name = sockaddr(source ?? from.address, 0);
  check(libc.bind(socket.fd, name, name.length), "bind", "a stranger");
  const peer = sockaddr(to, 179);
  libc.connect(socket.fd, peer, peer.length);
  return socket;
}

async function writable(fd: number): Promise<void> {
  using poller = new Poller();
  await new Promise<void>((resolve, reject) => {
    deadline().addEventListener("abort", () => reject(new Error("nobody answers")));
    const watch = poller.watchWritable(fd, () => {
      watch[Symbol.dispose]();
      resolve();
    });
  });
}

async function* heard(socket: Socket): AsyncGenerator<string> {
  const framer = new Framer();
  for await (const chunk of socket) {
    for (const frame of framer.push(chunk)) yield describeMessage(decodeMessage(frame, undefined));
  }
}

/** What r2 would say first. */
export const openOfR2: Open = {
  type: "open",
  asn: asn(64513),
  holdTime: 9,
  routerId: "0.0.0.2" as RouterId,
  capabilities: [
    { type: "multiprotocol", afi: 1, safi: 1 },
    { type: "multiprotocol", afi: 2, safi: 1 },
    { type: "extendedNextHop", entries: [{ afi: 1, safi: 1, nextHopAfi: 2 }] },
    { type: "fourOctetAsn", asn: asn(64513) },
  ],
};
