import { ENOENT } from "./errno.ts";
import type { FileDescriptor } from "./file-descriptor.ts";
import { check, libc } from "./libc.ts";
import { decodeAcknowledgement } from "./rtnetlink/acknowledgement.ts";
import {
  attribute,
  concat,
  decodeAttributes,
  decodeMessages,
  encodeMessage,
  type NetlinkMessage,
  type NetlinkRequest,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_REQUEST,
  NLMSG_DONE,
  NLMSG_ERROR,
  nested,
  readText,
  text,
} from "./rtnetlink/message.ts";
import { AF_NETLINK, kernelAddress, receiveDatagram } from "./rtnetlink/socket.ts";
import { createSocket, SOCK_RAW } from "./socket.ts";
import { SystemError } from "./system-error.ts";

// linux/netlink.h, linux/netfilter/nfnetlink.h
const NETLINK_NETFILTER = 12;
const NFNL_MSG_BATCH_BEGIN = 16;
const NFNL_MSG_BATCH_END = 17;
const NFNL_SUBSYS_NFTABLES = 10;
const NFPROTO_NETDEV = 5;

// linux/netfilter/nf_tables.h
const NFT_MSG_NEWTABLE = 0;
const NFT_MSG_GETTABLE = 1;
const NFT_MSG_DELTABLE = 2;
const NFT_MSG_NEWCHAIN = 3;
const NFTA_TABLE_NAME = 1;
const NFTA_CHAIN_TABLE = 1;
const NFTA_CHAIN_NAME = 3;
const NFTA_CHAIN_HOOK = 4;
const NFTA_CHAIN_POLICY = 5;
const NFTA_CHAIN_TYPE = 7;
const NFTA_HOOK_HOOKNUM = 1;
const NFTA_HOOK_PRIORITY = 2;
const NFTA_HOOK_DEV = 3;
const NF_NETDEV_INGRESS = 0;
const NF_DROP = 0;

/** What the names of our tables begin with; the interface's follows. */
const OURS = "fe80.";

/**
 * Drops all that an interface receives, without its sender or its own namespace being told, until it is undone.
 *
 * It is a table `fe80.IFNAME` of nftables with one chain and no rule (nft(8)); taps see the packets still. Safe to repeat.
 *
 * @param netns path of the namespace, null for the thread's own @throws {SystemError} EOPNOTSUPP and others without nftables
 */
export function dropIncoming(netns: string | null, ifname: string): void {
  const table = text(OURS + ifname);
  const hook = nested(
    NFTA_CHAIN_HOOK,
    attribute(NFTA_HOOK_HOOKNUM, be32(NF_NETDEV_INGRESS)),
    attribute(NFTA_HOOK_PRIORITY, be32(0)),
    attribute(NFTA_HOOK_DEV, text(ifname)),
  );
  const chain = [
    attribute(NFTA_CHAIN_TABLE, table),
    attribute(NFTA_CHAIN_NAME, text("incoming")),
    hook,
    attribute(NFTA_CHAIN_POLICY, be32(NF_DROP)),
    attribute(NFTA_CHAIN_TYPE, text("filter")),
  ];
  const flags = NLM_F_ACK | NLM_F_CREATE;
  change(netns, [
    request(["add table", OURS + ifname], NFT_MSG_NEWTABLE, {
      flags,
      body: attribute(NFTA_TABLE_NAME, table),
    }),
    request(["add chain", OURS + ifname], NFT_MSG_NEWCHAIN, { flags, body: concat(...chain) }),
  ]);
}

/** Undoes {@link dropIncoming}; safe where there is nothing to undo. @throws {SystemError} */
export function takeIncoming(netns: string | null, ifname: string): void {
  const body = attribute(NFTA_TABLE_NAME, text(OURS + ifname));
  try {
    change(netns, [request(["delete table", OURS + ifname], NFT_MSG_DELTABLE, { flags: NLM_F_ACK, body })]);
  } catch (error) {
    if (!(error instanceof SystemError && error.errno === ENOENT)) throw error;
  }
}

/** The interfaces of a namespace that drop all that they receive. @throws {SystemError} without nftables */
export function droppingInterfaces(netns: string | null): string[] {
  using socket = open(netns);
  const dump = request(["list", "tables"], NFT_MSG_GETTABLE, { flags: NLM_F_DUMP, body: new Uint8Array() });
  send(socket, [dump]);
  return [...answers(socket, [dump])].flatMap(({ body }) => {
    const name = readText(decodeAttributes(body.subarray(NFGENMSG)).get(NFTA_TABLE_NAME)) ?? "";
    return name.startsWith(OURS) ? [name.slice(OURS.length)] : [];
  });
}

/** Octets of a `struct nfgenmsg`. */
const NFGENMSG = 4;

/** Does all requests, or none of them. */
function change(netns: string | null, requests: readonly NetlinkRequest[]): void {
  const batch = (type: number): NetlinkRequest => ({
    operation: ["change", "tables of nftables"],
    type,
    flags: NLM_F_REQUEST,
    body: Uint8Array.of(0, 0, 0, NFNL_SUBSYS_NFTABLES),
  });
  const all = [batch(NFNL_MSG_BATCH_BEGIN), ...requests, batch(NFNL_MSG_BATCH_END)];
  using socket = open(netns);
  send(socket, all);
  // The kernel has answered by the time sendto returns.
  for (const _ of answers(socket, all));
}

function open(netns: string | null): FileDescriptor {
  return createSocket({ netns, family: AF_NETLINK, type: SOCK_RAW, protocol: NETLINK_NETFILTER }, []);
}

function send({ fd }: FileDescriptor, requests: readonly NetlinkRequest[]): void {
  const octets = concat(...requests.map((each, index) => encodeMessage(each, index)));
  check(
    libc.sendto(fd, octets, octets.length, 0, kernelAddress, kernelAddress.length),
    "sendto",
    "nfnetlink",
  );
}

/** What a dump tells, up to its end or to the last acknowledgement. @throws {SystemError} the first failure */
function* answers(
  { fd }: FileDescriptor,
  requests: readonly NetlinkRequest[],
): Generator<NetlinkMessage, void, void> {
  for (let octets = receiveDatagram(fd); octets; octets = receiveDatagram(fd)) {
    for (const message of decodeMessages(octets)) {
      if (message.type !== NLMSG_ERROR && message.type !== NLMSG_DONE) {
        yield message;
        continue;
      }
      const { errno, detail } = decodeAcknowledgement(message);
      const [call, object] = requests[message.sequence]?.operation ?? ["change", "tables"];
      if (errno !== 0) throw new SystemError({ call, object, errno }, { detail });
    }
  }
}

function request(
  operation: NetlinkRequest["operation"],
  type: number,
  { flags, body }: Pick<NetlinkRequest, "flags" | "body">,
): NetlinkRequest {
  return {
    operation,
    type: (NFNL_SUBSYS_NFTABLES << 8) | type,
    flags: NLM_F_REQUEST | flags,
    body: concat(Uint8Array.of(NFPROTO_NETDEV, 0, 0, 0), body),
  };
}

/** Numbers of nftables are in network order. */
function be32(value: number): Uint8Array {
  const octets = new Uint8Array(4);
  new DataView(octets.buffer).setUint32(0, value);
  return octets;
}
