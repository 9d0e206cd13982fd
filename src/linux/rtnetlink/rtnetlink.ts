import type { FileDescriptor } from "../file-descriptor.ts";
import { check, libc } from "../libc.ts";
import { errnoName, SystemError } from "../system-error.ts";
import { type Acknowledgement, decodeAcknowledgement } from "./acknowledgement.ts";
import { decodeAddress, dumpAddresses, type InterfaceAddress, RTM_NEWADDR } from "./address.ts";
import { decodeLink, dumpLinks, type Link, RTM_NEWLINK } from "./link.ts";
import {
  concat,
  decodeMessages,
  encodeMessage,
  type NetlinkMessage,
  type NetlinkRequest,
  NLM_F_ACK,
  NLM_F_DUMP_INTR,
  NLMSG_DONE,
  NLMSG_ERROR,
} from "./message.ts";
import { decodeNetnsId, getNetnsId } from "./netns-id.ts";
import { decodeRoute, dumpRoutes, type KernelRoute, RTM_NEWROUTE } from "./route.ts";
import { kernelAddress, netlinkSocket, receiveDatagram } from "./socket.ts";

/** So many acknowledgements fit into the receive buffer, whatever else it holds. */
const BATCH = 128;

/** How often a dump is started again because the kernel changed under it. */
const DUMP_ATTEMPTS = 10;

/**
 * Asks the kernel to change or tell links, addresses and routes of one namespace (rtnetlink(7)).
 *
 * Synchronous: the kernel answers before the call that asks returns. Requests are made by the pure functions beside this file.
 */
export class Rtnetlink implements Disposable {
  readonly #socket: FileDescriptor;
  readonly #where: string;
  #sequence = 0;

  private constructor(socket: FileDescriptor, where: string) {
    this.#socket = socket;
    this.#where = where;
  }

  /** @param netns path of the namespace, null for the thread's own @throws {SystemError} */
  static open(netns: string | null): Rtnetlink {
    return new Rtnetlink(netlinkSocket(netns), netns ?? "this namespace");
  }

  /** Does all requests in order, even those after one that fails. @throws {SystemError} the first failure */
  request(requests: readonly NetlinkRequest[]): void {
    for (const [index, { errno, detail }] of this.#exchange(requests).entries()) {
      if (errno === 0) continue;
      const [call, object] = requests[index]?.operation ?? ["request", ""];
      throw new SystemError({ call, object: `${object} in ${this.#where}`, errno }, { detail });
    }
  }

  /** Does all requests in order; one result each: undefined, or the name of the error, e.g. `"ENETUNREACH"`. */
  send(requests: readonly NetlinkRequest[]): (string | undefined)[] {
    return this.#exchange(requests).map(({ errno }) => (errno === 0 ? undefined : errnoName(errno)));
  }

  /** All links of the namespace. @throws {SystemError} */
  links(): Link[] {
    return this.#dump(dumpLinks(), RTM_NEWLINK, decodeLink);
  }

  /** All addresses of the namespace. @throws {SystemError} */
  addresses(): InterfaceAddress[] {
    return this.#dump(dumpAddresses(), RTM_NEWADDR, decodeAddress);
  }

  /**
   * The routes of one protocol, or of all (null), in the main table, IPv4 first, each read when it is asked for: there may be a million.
   * Read them to the end before anything else is asked; what changes meanwhile may be there or not. @throws {SystemError}
   */
  *routes(protocol: number | null): Generator<KernelRoute, void, void> {
    for (const family of [4, 6] as const) {
      for (const { type, body } of this.#answers(dumpRoutes(family, protocol))) {
        const route = type === RTM_NEWROUTE ? decodeRoute(body) : undefined;
        if (route && (protocol === null || route.protocol === protocol)) yield route;
      }
    }
  }

  /** The number that this namespace has for another, which is open as `fd`; undefined if it has none. @throws {SystemError} */
  netnsId(fd: number): number | undefined {
    for (const { body } of this.#answers(getNetnsId(fd))) return decodeNetnsId(body);
    return undefined;
  }

  [Symbol.dispose](): void {
    this.#socket[Symbol.dispose]();
  }

  #exchange(requests: readonly NetlinkRequest[]): Acknowledgement[] {
    const results: Acknowledgement[] = [];
    for (let at = 0; at < requests.length; at += BATCH) {
      results.push(...this.#exchangeBatch(requests.slice(at, at + BATCH)));
    }
    return results;
  }

  /** Only the last is acknowledged: the kernel tells of failures anyway, and in order. */
  #exchangeBatch(requests: readonly NetlinkRequest[]): Acknowledgement[] {
    const last = requests.length - 1;
    const first = this.#sendAll(requests.map((request, index) => (index < last ? quiet(request) : request)));
    const results = new Map<number, Acknowledgement>();
    while (!results.has(last)) {
      for (const message of this.#receive()) {
        const index = message.sequence - first;
        if (message.type !== NLMSG_ERROR || index < 0) continue;
        results.set(index, decodeAcknowledgement(message));
      }
    }
    return requests.map((_, index) => results.get(index) ?? { errno: 0, detail: undefined });
  }

  #dump<Item>(request: NetlinkRequest, type: number, decode: (body: Uint8Array) => Item | undefined): Item[] {
    for (let attempt = 1; ; attempt++) {
      const messages = [...this.#answers(request)];
      const interrupted = messages.some(({ flags }) => (flags & NLM_F_DUMP_INTR) !== 0);
      if (interrupted && attempt < DUMP_ATTEMPTS) continue;
      return messages
        .filter((message) => message.type === type)
        .map(({ body }) => decode(body))
        .filter((item) => item !== undefined);
    }
  }

  *#answers(request: NetlinkRequest): Generator<NetlinkMessage, void, void> {
    const sequence = this.#sendAll([request]);
    for (;;) {
      for (const message of this.#receive()) {
        if (message.sequence !== sequence) continue;
        if (message.type === NLMSG_ERROR || message.type === NLMSG_DONE) {
          const { errno, detail } = decodeAcknowledgement(message);
          const [call, object] = request.operation;
          if (errno === 0) return;
          throw new SystemError({ call, object: `${object} in ${this.#where}`, errno }, { detail });
        }
        yield message;
      }
    }
  }

  /** @returns the sequence number of the first; the others' follow */
  #sendAll(requests: readonly NetlinkRequest[]): number {
    const first = this.#sequence + 1;
    const octets = concat(...requests.map((request) => encodeMessage(request, ++this.#sequence)));
    const sent = libc.sendto(this.#socket.fd, octets, octets.length, 0, kernelAddress, kernelAddress.length);
    check(sent, "sendto", `rtnetlink in ${this.#where}`);
    return first;
  }

  #receive(): NetlinkMessage[] {
    const octets = receiveDatagram(this.#socket.fd);
    // The kernel has answered by the time sendto returns: to wait would be forever.
    if (!octets) throw new Error(`rtnetlink in ${this.#where} left a request without an answer`);
    return decodeMessages(octets);
  }
}

function quiet(request: NetlinkRequest): NetlinkRequest {
  return { ...request, flags: request.flags & ~NLM_F_ACK };
}
