import { decodeAttributes, type NetlinkMessage, NLMSG_ERROR, readText, viewOf } from "./message.ts";

/** How a request ended. */
export interface Acknowledgement {
  /** 0 if it was done. */
  readonly errno: number;
  /** What the kernel adds in words, if it does. */
  readonly detail: string | undefined;
}

// linux/netlink.h
const NLM_F_CAPPED = 0x100;
const NLM_F_ACK_TLVS = 0x200;
const NLMSGERR_ATTR_MSG = 1;
const HEADER_LENGTH = 16;

/** @param message an NLMSG_ERROR, or the NLMSG_DONE of a dump; both start with a negated error number */
export function decodeAcknowledgement(message: NetlinkMessage): Acknowledgement {
  const { body, flags } = message;
  if (body.length < 4) return { errno: 0, detail: undefined };
  const view = viewOf(body);
  const errno = -view.getInt32(0, true);
  if ((flags & NLM_F_ACK_TLVS) === 0) return { errno, detail: undefined };
  const attributes = decodeAttributes(body.subarray(4 + echoLength(message)));
  return { errno, detail: readText(attributes.get(NLMSGERR_ATTR_MSG)) };
}

/** Octets of the request that an NLMSG_ERROR repeats: its header, or, unless capped, all of it. */
function echoLength({ type, body, flags }: NetlinkMessage): number {
  if (type !== NLMSG_ERROR) return 0;
  const whole = body.length >= 8 ? viewOf(body).getUint32(4, true) : HEADER_LENGTH;
  return (flags & NLM_F_CAPPED) !== 0 ? HEADER_LENGTH : whole;
}
