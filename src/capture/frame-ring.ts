import { pcapngHeader, pcapngPacket } from "./pcapng.ts";

/** A frame, and where and when it was seen. */
interface SeenFrame {
  /** Milliseconds since 1970-01-01 UTC. */
  readonly time: number;
  /** `router:ifname` */
  readonly at: string;
  readonly sent: boolean;
  readonly octets: Uint8Array;
}

/** Octets beside a frame's own that keeping it takes, about. */
const overhead = 100;

/** The last frames of several interfaces, as many as fit into so many octets of memory. */
export class FrameRing {
  readonly #limit: number;
  #frames: SeenFrame[] = [];
  /** Where the frames begin that are kept still; what is before goes when it is half of all. */
  #first = 0;
  #octets = 0;

  constructor({ limit }: { limit: number }) {
    this.#limit = limit;
  }

  push(frame: SeenFrame): void {
    this.#frames.push(frame);
    this.#octets += frame.octets.length + overhead;
    while (this.#octets > this.#limit) {
      const oldest = this.#frames[this.#first++];
      this.#octets -= (oldest?.octets.length ?? 0) + overhead;
    }
    if (this.#first * 2 < this.#frames.length) return;
    this.#frames = this.#frames.slice(this.#first);
    this.#first = 0;
  }

  /** All of them as a file of pcapng, in the order in which they came. */
  file(): Uint8Array[] {
    const frames = this.#frames.slice(this.#first);
    const interfaces = [...new Set(frames.map(({ at }) => at))].sort();
    const ids = new Map(interfaces.map((name, index) => [name, index]));
    const packets = frames.map((frame) => pcapngPacket({ ...frame, interfaceId: ids.get(frame.at) ?? 0 }));
    return [pcapngHeader(...interfaces), ...packets];
  }
}
