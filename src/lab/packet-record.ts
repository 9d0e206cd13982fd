import { bgpFilter } from "../capture/filter.ts";
import { FrameRing } from "../capture/frame-ring.ts";
import { formatEndpoint } from "../net/endpoint.ts";
import type { Plan } from "../plan/plan.ts";
import type { Frame, InterfaceTarget } from "../runtime/runtime.ts";
import { LabError } from "../std/errors.ts";
import type { Environment } from "./environment.ts";

/** Octets of memory for the packets of a lab. */
const limit = 8 << 20;

/** More interfaces than that are not recorded: each takes a socket, and with it an open file. */
const mostInterfaces = 512;

/** The last BGP packets of a lab, from its beginning on, in case that it fails. */
export class PacketRecord implements Disposable {
  readonly #ring = new FrameRing({ limit });
  #tap: Disposable | undefined;
  #missing = "nobody recorded the packets: the network was not there";

  /** Records from now on, if that can be. */
  async begin(plan: Plan, { runtime, clock }: Environment): Promise<void> {
    const targets = targetsOf(plan);
    if (targets.length > mostInterfaces) {
      this.#missing = `packets are not recorded in a lab of more than ${mostInterfaces} links`;
      return;
    }
    const shared = new Set(plan.segments.flatMap(({ ends }) => ends.map(formatEndpoint)));
    const onFrame = ({ target, sent, octets }: Frame) => {
      const at = formatEndpoint(target);
      // Each frame once: on a shared link all ends are recorded.
      if (sent || !shared.has(at)) this.#ring.push({ time: clock.wallTime(), at, sent, octets });
    };
    try {
      this.#tap = await runtime.tap(targets, onFrame, bgpFilter);
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      this.#missing = `packets could not be recorded: ${error.message}`;
    }
  }

  /** A file of pcapng in parts, or why there is none. */
  get file(): readonly Uint8Array[] | string {
    return this.#tap ? this.#ring.file() : this.#missing;
  }

  [Symbol.dispose](): void {
    this.#tap?.[Symbol.dispose]();
  }
}

function targetsOf({ lab, links, segments }: Plan): InterfaceTarget[] {
  const ends = [...links.map(({ ends }) => ends[0]), ...segments.flatMap((segment) => segment.ends)];
  return ends.map(({ router, ifname }) => ({ lab, router, ifname }));
}
