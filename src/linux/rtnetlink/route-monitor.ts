import type { FileDescriptor } from "../file-descriptor.ts";
import { addressOf } from "../libc.ts";
import { SO_ATTACH_FILTER, SOL_SOCKET } from "../socket.ts";
import { receiveEvents } from "./events.ts";
import type { NetlinkMessage } from "./message.ts";
import { decodeRoute, type KernelRoute, RTM_DELROUTE, RTM_NEWROUTE } from "./route.ts";
import { netlinkSocket } from "./socket.ts";

/** Something has changed in a namespace. */
export type RouteEvent =
  /** A route came, became another, or went. */
  | { readonly type: "route"; readonly route: KernelRoute }
  /** An interface or an address did, if those were asked for. */
  | { readonly type: "interface" }
  /** Events were lost: any route may be another now. */
  | { readonly type: "overrun" };

export interface RouteWatch {
  /** Whose routes, by their protocols. */
  readonly protocols: readonly number[];
  /** Whoever changed something through the socket of this port knows it. */
  readonly except: number;
  /** Whether to hear of interfaces and addresses, too. */
  readonly interfaces: boolean;
}

// linux/rtnetlink.h
const RTMGRP_LINK = 0x1;
const RTMGRP_IPV4_IFADDR = 0x10;
const RTMGRP_IPV4_ROUTE = 0x40;
const RTMGRP_IPV6_IFADDR = 0x100;
const RTMGRP_IPV6_ROUTE = 0x400;

/** Hears of routes of the main table that others change. */
export class RouteMonitor implements Disposable {
  readonly #socket: FileDescriptor;

  private constructor(socket: FileDescriptor) {
    this.#socket = socket;
  }

  /** Hears from now on: list what there is after this, not before. @throws {SystemError} */
  static open(netns: string | null, watch: RouteWatch): RouteMonitor {
    const interfaces = watch.interfaces ? RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR : 0;
    const program = filter(watch);
    const length = new Uint8Array(16);
    const view = new DataView(length.buffer);
    view.setUint16(0, program.length / 8, true);
    view.setBigUint64(8, addressOf(program), true);
    const option = [SOL_SOCKET, SO_ATTACH_FILTER, length] as const;
    return new RouteMonitor(
      netlinkSocket(netns, RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE | interfaces, [option]),
    );
  }

  /** For a {@link Poller}; it stays ours. */
  get fd(): number {
    return this.#socket.fd;
  }

  /** All events that wait, in order. @throws {SystemError} */
  receive(): RouteEvent[] {
    return receiveEvents(this.fd, decodeEvent);
  }

  [Symbol.dispose](): void {
    this.#socket[Symbol.dispose]();
  }
}

function decodeEvent({ type, body }: NetlinkMessage): RouteEvent | undefined {
  if (type !== RTM_NEWROUTE && type !== RTM_DELROUTE) return { type: "interface" };
  const route = decodeRoute(body);
  return route && { type: "route", route };
}

// linux/filter.h: what to load into the accumulator, and what to do with it
const LOAD_WORD = 0x20;
const LOAD_HALF = 0x28;
const LOAD_OCTET = 0x30;
const JUMP_IF_EQUAL = 0x15;
const RETURN = 0x06;

/** Where in a message about a route these are: fields of `struct nlmsghdr`, and of `struct rtmsg` behind it. */
const TYPE_AT = 4;
const PORT_AT = 12;
const PROTOCOL_AT = 21;

/**
 * A program by which the kernel leaves out what need not be heard (a million echoes of our own requests, most of all):
 * instructions of a `struct sock_filter` each. It loads fields as if they were in network order.
 */
function filter({ protocols, except }: RouteWatch): Uint8Array {
  const drop = 6 + protocols.length;
  const keep = drop + 1;
  const program: readonly Instruction[] = [
    [LOAD_WORD, PORT_AT],
    [JUMP_IF_EQUAL, swapped(except, 4), drop, 2],
    [LOAD_HALF, TYPE_AT],
    [JUMP_IF_EQUAL, swapped(RTM_NEWROUTE, 2), 5, 4],
    [JUMP_IF_EQUAL, swapped(RTM_DELROUTE, 2), 5, keep],
    [LOAD_OCTET, PROTOCOL_AT],
    ...protocols.map((protocol, nth): Instruction => [JUMP_IF_EQUAL, protocol, keep, 7 + nth]),
    [RETURN, 0],
    [RETURN, 0xffff_ffff],
  ];
  return assemble(program);
}

/** Jumps name the instruction to go on with, if the two are equal and if not. */
type Instruction = readonly [code: number, operand: number, equal?: number, different?: number];

function assemble(program: readonly Instruction[]): Uint8Array {
  const octets = new Uint8Array(program.length * 8);
  const view = new DataView(octets.buffer);
  for (const [index, [code, operand, equal = index + 1, different = index + 1]] of program.entries()) {
    view.setUint16(index * 8, code, true);
    view.setUint8(index * 8 + 2, equal - index - 1);
    view.setUint8(index * 8 + 3, different - index - 1);
    view.setUint32(index * 8 + 4, operand, true);
  }
  return octets;
}

/** A number whose octets are the other way round. */
function swapped(value: number, width: 2 | 4): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, value, true);
  return width === 4 ? view.getUint32(0) : view.getUint16(0);
}
