import {
  attribute,
  decodeAttributes,
  type NetlinkRequest,
  NLM_F_ACK,
  NLM_F_REQUEST,
  readU32,
  u32,
} from "./message.ts";

// linux/rtnetlink.h, linux/net_namespace.h
const RTM_NEWNSID = 88;
const RTM_GETNSID = 90;
const NETNSA_NSID = 1;
const NETNSA_FD = 3;
const NOT_ASSIGNED = 0xffff_ffff;

/** Octets of a `struct rtgenmsg`, aligned. */
const RTGENMSG = 4;

/** Asks for the number that the socket's namespace has for another, which is open as `fd`. */
export function getNetnsId(fd: number): NetlinkRequest {
  return {
    operation: ["get namespace id", `fd ${fd}`],
    type: RTM_GETNSID,
    flags: NLM_F_REQUEST,
    body: Uint8Array.of(...new Uint8Array(RTGENMSG), ...attribute(NETNSA_FD, u32(fd))),
  };
}

/** Gives another namespace a number in the socket's own; only once as long as both are there. */
export function addNetnsId({ fd, id }: { readonly fd: number; readonly id: number }): NetlinkRequest {
  const attributes = [...attribute(NETNSA_NSID, u32(id)), ...attribute(NETNSA_FD, u32(fd))];
  return {
    operation: ["add namespace id", `${id} for fd ${fd}`],
    type: RTM_NEWNSID,
    flags: NLM_F_REQUEST | NLM_F_ACK,
    body: Uint8Array.of(...new Uint8Array(RTGENMSG), ...attributes),
  };
}

/** @param body of an RTM_NEWNSID; undefined if the namespace has no number */
export function decodeNetnsId(body: Uint8Array): number | undefined {
  const id = readU32(decodeAttributes(body.subarray(RTGENMSG)).get(NETNSA_NSID));
  return id === NOT_ASSIGNED ? undefined : id;
}
