/** What a {@link Counter} finds in a stream. */
export interface CounterListener {
  open(octets: Uint8Array): void;
  keepalive(): void;
  /** Prefixes of one UPDATE. */
  update(announced: number, withdrawn: number): void;
  /** Code and subcode. */
  notification(code: number, subcode: number): void;
}

const HEADER_LENGTH = 19;
const MP_REACH = 14;
const MP_UNREACH = 15;

/** Walks a stream of BGP messages and counts prefixes, without decoding anything that it need not. */
export class Counter {
  readonly #listener: CounterListener;
  #left: Uint8Array = new Uint8Array();

  constructor(listener: CounterListener) {
    this.#listener = listener;
  }

  push(chunk: Uint8Array): void {
    const octets = this.#left.length === 0 ? chunk : Buffer.concat([this.#left, chunk]);
    let at = 0;
    while (octets.length - at >= HEADER_LENGTH) {
      const length = u16(octets, at + 16);
      if (octets.length - at < length) break;
      this.#message(octets.subarray(at, at + length));
      at += length;
    }
    this.#left = octets.subarray(at);
  }

  #message(message: Uint8Array): void {
    switch (message[18]) {
      case 1:
        return this.#listener.open(message);
      case 2:
        return this.#update(message);
      case 3:
        return this.#listener.notification(message[19] ?? 0, message[20] ?? 0);
      case 4:
        return this.#listener.keepalive();
    }
  }

  #update(message: Uint8Array): void {
    const attributesAt = HEADER_LENGTH + 2 + u16(message, HEADER_LENGTH);
    const nlriAt = attributesAt + 2 + u16(message, attributesAt);
    let announced = prefixes(message, nlriAt, message.length);
    let withdrawn = prefixes(message, HEADER_LENGTH + 2, attributesAt);
    for (let at = attributesAt + 2; at < nlriAt; ) {
      const extended = ((message[at] ?? 0) & 0x10) !== 0;
      const value = at + (extended ? 4 : 3);
      const end = value + (extended ? u16(message, at + 2) : (message[at + 2] ?? 0));
      const code = message[at + 1];
      if (code === MP_REACH) announced += prefixes(message, value + 5 + (message[value + 3] ?? 0), end);
      if (code === MP_UNREACH) withdrawn += prefixes(message, value + 3, end);
      at = end;
    }
    this.#listener.update(announced, withdrawn);
  }
}

function u16(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
}

function prefixes(octets: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; count++) at += 1 + (((octets[at] ?? 0) + 7) >> 3);
  return count;
}
