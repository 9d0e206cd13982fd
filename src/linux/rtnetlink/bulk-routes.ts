import type { Family } from "../../net/address.ts";
import { formatPrefix, type Prefix } from "../../net/prefix.ts";
import { EADDRINUSE, ENOBUFS, ENOMEM } from "../errno.ts";
import type { FileDescriptor } from "../file-descriptor.ts";
import { check, libc } from "../libc.ts";
import { addressFamily } from "../socket-address.ts";
import { errnoName, SystemError } from "../system-error.ts";
import { decodeAcknowledgement } from "./acknowledgement.ts";
import { decodeMessages, NLMSG_ERROR, viewOf } from "./message.ts";
import { MOST_OWN_PORTS, ownPort } from "./own-routes-filter.ts";
import { type RouteTarget, RTM_DELROUTE } from "./route.ts";
import { deleteRequest, LENGTH_AT, NETWORK_AT, replaceRequest } from "./route-request.ts";
import { kernelAddress, netlinkSocket, receiveDatagram } from "./socket.ts";

/** Prefixes of one family that are to go to one place; nothing to go to takes their routes away. */
export interface RouteChange {
  readonly family: Family;
  /** Prefixes as BGP writes them (RFC 4271 §4.3), host bits clear. */
  readonly prefixes: Uint8Array;
  readonly target: RouteTarget;
}

/** How a lot of changes ended. */
export interface BulkResult {
  readonly refusals: readonly RouteRefusal[];
  /** The kernel had no memory for requests or answers: nobody knows what was done. */
  readonly isUncertain: boolean;
}

/** What the kernel did not do. */
export interface RouteRefusal {
  readonly prefix: Prefix;
  /** Whether the route should have gone. */
  readonly deleting: boolean;
  /** E.g. `"ENETUNREACH"`. */
  readonly error: string;
}

/** Octets of requests that the kernel gets at once. More would save nothing, and the send buffer must hold them. */
const BATCH_OCTETS = 64 << 10;

/** More requests than fit, as the shortest is 44 octets long. */
const MOST_REQUESTS = BATCH_OCTETS / 32;

const memoryErrors: ReadonlySet<number> = new Set([ENOBUFS, ENOMEM]);

/** Where in a request the address family is. */
const FAMILY_AT = 16;

/** One by whose port news of what was done through it are known as our own. */
function ownSocket(netns: string | null): FileDescriptor {
  for (let nth = 0; ; nth++) {
    try {
      return netlinkSocket(netns, { port: ownPort(nth) });
    } catch (error) {
      const isTaken = error instanceof SystemError && error.errno === EADDRINUSE;
      if (!isTaken || nth === MOST_OWN_PORTS - 1) throw error;
    }
  }
}

/** What is handed over is done with by then: one buffer is enough for the routers of a process. */
const octets = new Uint8Array(BATCH_OCTETS);
const view = viewOf(octets);
/** Where each request of the batch begins. */
const starts = new Uint32Array(MOST_REQUESTS);

/**
 * Installs and deletes routes of ours in one namespace, as many as there are (rtnetlink(7)). A monitor of this process does not
 * hear of them.
 *
 * One buffer is filled from octets, a request a prefix, and handed over whole. The kernel does it all before that call
 * returns and answers only what it refuses, as nobody asks for more.
 */
export class BulkRoutes implements Disposable {
  readonly #socket: FileDescriptor;
  readonly #where: string;
  readonly #octets = octets;
  readonly #view = view;
  readonly #starts = starts;
  #count = 0;
  #filled = 0;
  /** Of the first request of the batch. */
  #sequence = 1;
  #refusals: RouteRefusal[] = [];
  #isUncertain = false;

  private constructor(socket: FileDescriptor, where: string) {
    this.#socket = socket;
    this.#where = where;
  }

  /** @param netns path of the namespace, null for the thread's own @throws {SystemError} */
  static open(netns: string | null): BulkRoutes {
    return new BulkRoutes(ownSocket(netns), netns ?? "this namespace");
  }

  /** Does all changes in order, even those after one that fails. @throws {SystemError} if the socket is of no use */
  apply(changes: Iterable<RouteChange>): BulkResult {
    for (const { family, prefixes, target } of changes) {
      this.#write(
        family,
        prefixes,
        target.length > 0 ? replaceRequest(family, target) : deleteRequest(family),
      );
    }
    this.#flush();
    const result = { refusals: this.#refusals, isUncertain: this.#isUncertain };
    this.#refusals = [];
    this.#isUncertain = false;
    return result;
  }

  [Symbol.dispose](): void {
    this.#socket[Symbol.dispose]();
  }

  #write(family: Family, prefixes: Uint8Array, request: Uint8Array): void {
    const size = family === 4 ? 4 : 16;
    for (let at = 0; at < prefixes.length; ) {
      const length = prefixes[at] ?? 0;
      const end = at + 1 + ((length + 7) >>> 3);
      if (this.#filled + request.length > BATCH_OCTETS) this.#flush();
      const start = this.#filled;
      this.#octets.set(request, start);
      this.#view.setUint32(start + 8, this.#sequence + this.#count, true);
      this.#octets[start + LENGTH_AT] = length;
      const network = start + NETWORK_AT;
      for (let from = at + 1, to = network; from < end && to < network + size; from++, to++) {
        this.#octets[to] = prefixes[from] ?? 0;
      }
      this.#starts[this.#count++] = start;
      this.#filled += request.length;
      at = end;
    }
  }

  #flush(): void {
    if (this.#count === 0) return;
    try {
      this.#send();
    } catch (error) {
      if (!(error instanceof SystemError) || !memoryErrors.has(error.errno)) throw error;
      this.#isUncertain = true;
    } finally {
      this.#sequence = (this.#sequence + this.#count) % 0x8000_0000;
      this.#count = 0;
      this.#filled = 0;
    }
  }

  #send(): void {
    const { fd } = this.#socket;
    const sent = libc.sendto(fd, this.#octets, this.#filled, 0, kernelAddress, kernelAddress.length);
    check(sent, "sendto", `rtnetlink in ${this.#where}`);
    for (let octets = receiveDatagram(fd); octets; octets = receiveDatagram(fd)) this.#refused(octets);
  }

  #refused(octets: Uint8Array): void {
    for (const message of decodeMessages(octets)) {
      const start = this.#starts[message.sequence - this.#sequence];
      if (message.type !== NLMSG_ERROR || start === undefined) continue;
      const { errno } = decodeAcknowledgement(message);
      this.#refusals.push({ ...this.#requestAt(start), error: errnoName(errno) });
    }
  }

  #requestAt(start: number): Pick<RouteRefusal, "prefix" | "deleting"> {
    const request = this.#octets.subarray(start);
    const ipv4 = request[FAMILY_AT] === addressFamily[4];
    const network = request.subarray(NETWORK_AT, NETWORK_AT + (ipv4 ? 4 : 16));
    return {
      prefix: formatPrefix(network, request[LENGTH_AT] ?? 0),
      deleting: viewOf(request).getUint16(4, true) === RTM_DELROUTE,
    };
  }
}
