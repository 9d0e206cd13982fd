import type { Notification, Open, Update } from "../bgp/wire/message.ts";
import { BgpListener, type OverheardMessage } from "../capture/bgp-listener.ts";
import { pcapngHeader, pcapngPacket } from "../capture/pcapng.ts";
import { decodeSegment, type Segment } from "../capture/segment.ts";
import type { Family } from "../net/address.ts";
import type { Frame } from "../runtime/runtime.ts";
import type { End } from "./pair.ts";

/** A message that one of the two sent. */
export interface Heard {
  readonly from: End;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly atMs: number;
  /** The port that is not 179: it tells connections apart. */
  readonly port: number;
  readonly type: string;
  /** In octets. */
  readonly length: number;
  readonly text: string;
  readonly open: Open | undefined;
  readonly update: UpdateFacts | undefined;
  readonly notification: Pick<Notification, "code" | "subcode"> | undefined;
  /** What a ROUTE-REFRESH says: one of `refreshSubtypes`. */
  readonly refresh: number | undefined;
}

interface UpdateFacts {
  readonly announced: readonly Family[];
  readonly withdrawn: readonly Family[];
  readonly endOfRib: Family | undefined;
  /** Whether prefixes come with path identifiers (RFC 7911). */
  readonly withPaths: boolean;
  /** All of its AS_PATH. */
  readonly asns: readonly number[];
}

/** A TCP connection that one of the two opened. */
export interface Connection {
  readonly dialer: End;
  /** That of who opened it. */
  readonly port: number;
  /** Whether one of them has said that it is. */
  isOver: boolean;
}

/** So many octets of frames are kept of a link; what follows is decoded, but not kept. */
const MOST_KEPT = 32 * 1024 * 1024;

/** All that goes over the link between the two, from the start of their programs on. */
export class Wire {
  readonly heard: Heard[] = [];
  readonly connections: Connection[] = [];
  readonly #listener = new BgpListener();
  readonly #packets: Uint8Array[] = [pcapngHeader("a:eth0")];
  readonly #hopLimits: Record<End, Set<number>> = { a: new Set(), b: new Set() };
  #kept = 0;

  /** @param frame of the interface of `a` @param time milliseconds since 1970-01-01 UTC */
  push({ octets, sent }: Frame, time: number): void {
    const from = sent ? "a" : "b";
    this.#keep({ octets, sent, time });
    const segment = decodeSegment(octets);
    if (segment) this.#follow(segment, from);
    // What the kernel says by itself, such as a RST, has no socket whose hop limit it would take.
    if (segment && segment.payload.length > 0) this.#hopLimits[from].add(octets[HOP_LIMIT_AT] ?? 0);
    for (const message of this.#listener.push(octets))
      this.heard.push(heardOf(message, { from, atMs: time }));
  }

  /** What was heard from a point on, which is a number of messages. */
  since(mark: number): readonly Heard[] {
    return this.heard.slice(mark);
  }

  /** The last OPEN of one of them. */
  open(end: End): Open | undefined {
    return this.heard.findLast(({ from, open }) => from === end && open !== undefined)?.open;
  }

  /** The hop limits of all segments in which it says something. */
  hopLimits(end: End): readonly number[] {
    return [...this.#hopLimits[end]];
  }

  /** The frames as a file of pcapng. */
  pcapng(): Uint8Array {
    return Buffer.concat(this.#packets);
  }

  #follow({ syn, ack, fin, rst, from: { port }, to }: Segment, from: End): void {
    const known = this.connections.findLast((each) => each.port === port || each.port === to.port);
    // A SYN may be said again.
    if (syn && !ack && (known === undefined || known.isOver || known.dialer !== from)) {
      this.connections.push({ dialer: from, port, isOver: false });
    } else if (known && (fin || rst)) known.isOver = true;
  }

  #keep(frame: { octets: Uint8Array; sent: boolean; time: number }): void {
    this.#kept += frame.octets.length;
    if (this.#kept <= MOST_KEPT) this.#packets.push(pcapngPacket(frame));
  }
}

/** Behind the Ethernet header (RFC 8200 §3). */
const HOP_LIMIT_AT = 14 + 7;

function heardOf(
  { port, length, text, message }: OverheardMessage,
  { from, atMs }: Pick<Heard, "from" | "atMs">,
): Heard {
  return {
    ...{ from, atMs, port, length, text },
    type: message?.type ?? "unreadable",
    open: message?.type === "open" ? message : undefined,
    update: message?.type === "update" ? factsOf(message) : undefined,
    notification: message?.type === "notification" ? message : undefined,
    refresh: message?.type === "routeRefresh" ? message.subtype : undefined,
  };
}

/** What is a view in an UPDATE is gone when the next one comes. */
function factsOf({ announced, withdrawn, endOfRib, attributes }: Update): UpdateFacts {
  const families = (list: readonly { family: Family }[]) => [...new Set(list.map(({ family }) => family))];
  const nlri = announced.map((each) => each.nlri);
  return {
    announced: families(nlri),
    withdrawn: families(withdrawn),
    endOfRib,
    withPaths: nlri.some(({ addPath }) => addPath),
    asns: attributes?.asPath.flatMap(({ asns }) => [...asns]) ?? [],
  };
}
