import { BgpConversation, type Overheard } from "./bgp-conversation.ts";
import { decodeSegment, type SocketName } from "./segment.ts";

const BGP_PORT = 179;

/** A BGP message that went over a link. */
export interface OverheardMessage extends Overheard {
  /** The end of the connection that is not on port 179: it tells two connections between the same routers apart. */
  readonly port: number;
  readonly from: SocketName;
  readonly to: SocketName;
}

/** Reads the BGP messages in all frames of one link. */
export class BgpListener {
  readonly #conversations = new Map<string, BgpConversation>();

  /** The messages that a frame completes. */
  *push(frame: Uint8Array): Generator<OverheardMessage, void, void> {
    const segment = decodeSegment(frame);
    if (!segment) return;
    const { from, to } = segment;
    if (from.port !== BGP_PORT && to.port !== BGP_PORT) return;
    const key = [from, to]
      .map(({ address, port }) => `${address} ${port}`)
      .sort()
      .join(" ");
    if (segment.syn && !segment.ack) this.#conversations.delete(key);
    const conversation = this.#conversations.get(key) ?? new BgpConversation();
    this.#conversations.set(key, conversation);
    const port = from.port === BGP_PORT ? to.port : from.port;
    for (const overheard of conversation.push(segment)) yield { port, from, to, ...overheard };
    if (conversation.isOver) this.#conversations.delete(key);
  }
}
