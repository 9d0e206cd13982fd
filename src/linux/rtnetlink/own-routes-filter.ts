import { addressOf } from "../libc.ts";
import { SO_ATTACH_FILTER, SOL_SOCKET, type SocketOption } from "../socket.ts";
import { RTM_DELROUTE, RTM_NEWROUTE, RTPROT_BOOT, RTPROT_FE80, RTPROT_STATIC } from "./route.ts";

/** A port of netlink(7) that no program gets unasked: those have the number of their process, or one above 2^31. */
const OWN_PORTS = 0x4000_0000;

/** Above the numbers of processes, for several sockets of one process in one namespace. */
const NTH_SHIFT = 22;

/** How many of those there may be. */
export const MOST_OWN_PORTS = 1 << 8;

/** What is the same in all ports of a process. */
const OWN_MASK = (0xffff_ffff ^ ((MOST_OWN_PORTS - 1) << NTH_SHIFT)) >>> 0;

/** A port for a socket of this process through which it changes routes. */
export function ownPort(nth: number): number {
  return OWN_PORTS + process.pid + nth * 2 ** NTH_SHIFT;
}

// linux/filter.h: what to load into the accumulator or do with it, and where to go on
const LOAD_WORD = 0x20;
const LOAD_HALF = 0x28;
const LOAD_OCTET = 0x30;
const AND = 0x54;
const JUMP_IF_EQUAL = 0x15;
const RETURN = 0x06;

/** Where in a message about a route these are: fields of `struct nlmsghdr`, and of `struct rtmsg` behind it. */
const TYPE_AT = 4;
const PORT_AT = 12;
const PROTOCOL_AT = 21;

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

/** Whose routes are heard of: ours, and those that people put there. */
const protocols = [RTPROT_FE80, RTPROT_BOOT, RTPROT_STATIC];

const drop = 7 + protocols.length;
const keep = drop + 1;

/** They load fields as if these were in network order. The kernel copies them from where they are, so they are kept. */
const instructions = assemble([
  [LOAD_HALF, TYPE_AT],
  [JUMP_IF_EQUAL, swapped(RTM_NEWROUTE, 2), 3, 2],
  [JUMP_IF_EQUAL, swapped(RTM_DELROUTE, 2), 3, keep],
  [LOAD_WORD, PORT_AT],
  [AND, swapped(OWN_MASK, 4)],
  [JUMP_IF_EQUAL, swapped(ownPort(0), 4), drop, 6],
  [LOAD_OCTET, PROTOCOL_AT],
  ...protocols.map((protocol, nth): Instruction => [JUMP_IF_EQUAL, protocol, keep, 7 + nth + 1]),
  [RETURN, 0],
  [RETURN, 0xffff_ffff],
]);

/**
 * An option by which the kernel leaves out news of routes that need not be heard: a million echoes of our own requests, most
 * of all, and routes of other protocols. All other news are heard.
 */
export function ownRoutesFilter(): SocketOption {
  const program = new Uint8Array(16); // a struct sock_fprog
  const view = new DataView(program.buffer);
  view.setUint16(0, instructions.length / 8, true);
  view.setBigUint64(8, addressOf(instructions), true);
  return [SOL_SOCKET, SO_ATTACH_FILTER, program];
}
