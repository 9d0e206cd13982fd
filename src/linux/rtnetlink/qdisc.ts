import {
  attribute,
  concat,
  type NetlinkRequest,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_EXCL,
  NLM_F_REQUEST,
  nested,
  text,
  u32,
  viewOf,
} from "./message.ts";

/** What befalls the packets that an interface sends; see tc-netem(8) and tc-tbf(8). */
export interface Shaping {
  /** Bits per second; null for no limit. */
  readonly rate: number | null;
  /** Microseconds. */
  readonly delay: number;
  /** Microseconds by which the delay varies. */
  readonly jitter: number;
  /** Share of the packets, 0 to 1. */
  readonly loss: number;
}

// linux/rtnetlink.h, linux/pkt_sched.h
const RTM_NEWQDISC = 36;
const RTM_DELQDISC = 37;
const TCA_KIND = 1;
const TCA_OPTIONS = 2;
const TC_H_ROOT = 0xffff_ffff;
const TCA_TBF_PARMS = 1;
const TCA_TBF_RATE64 = 4;
const TCA_TBF_BURST = 6;
const TCA_NETEM_LATENCY64 = 10;
const TCA_NETEM_JITTER64 = 11;

/** Octets of a `struct tcmsg`. */
const TCMSG = 20;

/** `1:`, which a second queue stands below, and `2:`. */
const NETEM = 0x1_0000;
const TBF = 0x2_0000;

/** Packets that netem keeps at most: what a fast link sends in a long delay. */
const NETEM_LIMIT = 100_000;

/** How long a packet may wait for its turn, in seconds, before tbf drops it. */
const TBF_LATENCY = 0.05;

/** The kernel counts time in ticks of 64 ns here (PSCHED_SHIFT). */
const TICKS_PER_SECOND = 1e9 / 64;

/** Whether the shaping needs the kernel's netem. */
export function needsNetem({ delay, jitter, loss }: Shaping): boolean {
  return delay > 0 || jitter > 0 || loss > 0;
}

/** Puts an interface's queues in place, netem before tbf. Fails with ENOENT if the kernel lacks one of them. */
export function shape(ifindex: number, shaping: Shaping): NetlinkRequest[] {
  const netem = needsNetem(shaping);
  const requests: NetlinkRequest[] = [];
  if (netem) requests.push(addNetem(ifindex, shaping));
  if (shaping.rate !== null)
    requests.push(addTbf(ifindex, shaping.rate, { parent: netem ? NETEM | 1 : TC_H_ROOT }));
  return requests;
}

/** Takes all that {@link shape} has put in place away. Fails if there is nothing. */
export function unshape(ifindex: number): NetlinkRequest {
  return {
    operation: ["delete queues", `of interface ${ifindex}`],
    type: RTM_DELQDISC,
    flags: NLM_F_REQUEST | NLM_F_ACK,
    body: tcmsg({ ifindex, handle: 0, parent: TC_H_ROOT }),
  };
}

function addNetem(ifindex: number, { delay, jitter, loss }: Shaping): NetlinkRequest {
  // struct tc_netem_qopt: latency, limit, loss, gap, duplicate, jitter; the times are given in nanoseconds behind it.
  const options = new Uint8Array(24);
  const view = viewOf(options);
  view.setUint32(4, NETEM_LIMIT, true);
  view.setUint32(8, Math.round(loss * 0xffff_ffff), true);
  const times = [
    attribute(TCA_NETEM_LATENCY64, u64(BigInt(delay) * 1000n)),
    attribute(TCA_NETEM_JITTER64, u64(BigInt(jitter) * 1000n)),
  ];
  // Netem's options are a structure with attributes behind it, and not nested ones.
  const value = attribute(TCA_OPTIONS, concat(options, ...times));
  return addQdisc("netem", { ifindex, handle: NETEM, parent: TC_H_ROOT }, value);
}

function addTbf(ifindex: number, rate: number, { parent }: { parent: number }): NetlinkRequest {
  const octetsPerSecond = rate / 8;
  // Enough for one timer tick at full speed, and for the largest packet.
  const burst = Math.max(Math.round(octetsPerSecond / 250), 65_536 + 14);
  // struct tc_tbf_qopt: rate and peakrate as struct tc_ratespec of 12 octets, limit, buffer in ticks, mtu.
  const options = new Uint8Array(36);
  const view = viewOf(options);
  view.setUint8(1, 1); // TC_LINKLAYER_ETHERNET
  view.setUint32(8, Math.min(Math.round(octetsPerSecond), 0xffff_ffff), true);
  view.setUint32(24, Math.round(octetsPerSecond * TBF_LATENCY) + burst, true);
  view.setUint32(28, Math.min(Math.round((burst / octetsPerSecond) * TICKS_PER_SECOND), 0xffff_ffff), true);
  const exact =
    octetsPerSecond > 0xffff_ffff
      ? [attribute(TCA_TBF_RATE64, u64(BigInt(Math.round(octetsPerSecond))))]
      : [];
  const value = nested(
    TCA_OPTIONS,
    attribute(TCA_TBF_PARMS, options),
    ...exact,
    attribute(TCA_TBF_BURST, u32(burst)),
  );
  return addQdisc("tbf", { ifindex, handle: TBF, parent }, value);
}

function addQdisc(
  kind: string,
  { ifindex, handle, parent }: { ifindex: number; handle: number; parent: number },
  options: Uint8Array,
): NetlinkRequest {
  return {
    operation: ["add queue", `${kind} of interface ${ifindex}`],
    type: RTM_NEWQDISC,
    flags: NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL,
    body: concat(tcmsg({ ifindex, handle, parent }), attribute(TCA_KIND, text(kind)), options),
  };
}

/** `struct tcmsg`. */
function tcmsg({ ifindex, handle, parent }: { ifindex: number; handle: number; parent: number }): Uint8Array {
  const octets = new Uint8Array(TCMSG);
  const view = viewOf(octets);
  view.setInt32(4, ifindex, true);
  view.setUint32(8, handle, true);
  view.setUint32(12, parent, true);
  return octets;
}

function u64(value: bigint): Uint8Array {
  return new Uint8Array(BigUint64Array.of(value).buffer);
}
