import type { Advertisement } from "../rib/route.ts";
import { type Batch, encodeBatch, withOwnNextHop } from "../wire/codec.ts";
import type { Outlet } from "./session.ts";

/** Messages for many sessions, which are encoded once: what differs is our own next hop, which is put in afterwards. */
export class SharedMessages {
  readonly #messages: Advertisement["messages"];
  readonly #batches = new Map<string, Batch>();
  /** By encoding and next hop. */
  readonly #octets = new Map<string, Uint8Array>();

  constructor(messages: Advertisement["messages"]) {
    this.#messages = messages;
  }

  /** The octets for one session, which others may get, too. */
  octetsFor({ encoding, encodingKey, nextHop }: Outlet): Uint8Array {
    const key = `${nextHop} ${encodingKey}`;
    const octets = this.#octets.get(key) ?? this.#make({ encoding, encodingKey, nextHop });
    this.#octets.set(key, octets);
    return octets;
  }

  #make({ encoding, encodingKey, nextHop }: Outlet): Uint8Array {
    const known = this.#batches.get(encodingKey);
    if (known) return withOwnNextHop(known, nextHop);
    const batch = encodeBatch(this.#messages, encoding, () => ({ linkLocal: nextHop }));
    this.#batches.set(encodingKey, batch);
    return batch.octets;
  }
}
