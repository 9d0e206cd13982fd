import { createServer, type Server, type Socket } from "node:net";
import { Icmp6Socket } from "../../linux/icmp6.ts";
import type { Poller } from "../../linux/poller.ts";
import { addAddress } from "../../linux/rtnetlink/address.ts";
import type { NetlinkRequest } from "../../linux/rtnetlink/message.ts";
import { deleteRoute, RTPROT_FE80, replaceRoute } from "../../linux/rtnetlink/route.ts";
import { Rtnetlink } from "../../linux/rtnetlink/rtnetlink.ts";
import { SystemError } from "../../linux/system-error.ts";
import { dialTcp, listenTcp } from "../../linux/tcp.ts";
import type { Clock } from "../../std/clock.ts";
import type {
  DiscoveryPacket,
  ForwardingChange,
  LinkAddress,
  LinkState,
  RouterHost,
  Transport,
} from "./host.ts";
import { KernelLinks } from "./kernel-links.ts";
import { TcpTransport } from "./tcp-transport.ts";

/** Connections that the kernel keeps for us until we accept them. */
const BACKLOG = 128;

/** A router's network namespace. Every socket is made inside it, so one process can be many routers. */
export class KernelHost implements RouterHost {
  readonly #netns: string | null;
  readonly #poller: Poller;
  readonly #clock: Clock;
  readonly #stack = new DisposableStack();
  readonly #icmp6: Icmp6Socket;
  readonly #rtnetlink: Rtnetlink;
  #server: Server | undefined;

  constructor(options: { netns: string | null; poller: Poller; clock: Clock }) {
    this.#netns = options.netns;
    this.#poller = options.poller;
    this.#clock = options.clock;
    this.#icmp6 = this.#stack.use(Icmp6Socket.open(options.netns));
    this.#rtnetlink = this.#stack.use(Rtnetlink.open(options.netns));
  }

  watchLinks(onLink: (link: LinkState) => void): void {
    this.#stack.use(new KernelLinks(this.#netns, this.#poller, onLink));
  }

  /** The interface may be gone again by now, which the next link event tells. */
  addLinkLocal({ ifindex, address }: LinkAddress): void {
    this.#rtnetlink.send([addAddress({ ifindex, address, length: 64 })]);
  }

  /** @throws {SystemError} EADDRINUSE if the port is taken in the namespace */
  listen(port: number, onConnection: (transport: Transport, ifindex: number) => void): void {
    const fd = listenTcp({ netns: this.#netns, port, backlog: BACKLOG });
    this.#server = createServer((socket) => {
      const transport = this.#accept(socket);
      if (transport) onConnection(transport, transport.peer.ifindex);
    }).listen({ fd });
  }

  dial({ ifindex, address }: LinkAddress, port: number): Transport {
    const peer = { address, ifindex, port };
    return TcpTransport.dial(peer, this.#clock, (signal) =>
      dialTcp({ netns: this.#netns, ...peer }, { poller: this.#poller, signal }),
    );
  }

  receiveDiscovery(onPacket: (packet: DiscoveryPacket) => void): void {
    const receive = () => {
      for (const { ifindex, from, hopLimit, packet } of this.#icmp6.receive()) {
        onPacket({ from: { ifindex, address: from }, hopLimit, packet });
      }
    };
    this.#stack.use(this.#poller.watch(this.#icmp6.fd, receive));
  }

  joinDiscovery(ifindex: number): void {
    try {
      this.#icmp6.join(ifindex);
    } catch (error) {
      // The interface went down and came back: it is still a member.
      if (!(error instanceof SystemError) || error.errnoName !== "EADDRINUSE") throw error;
    }
  }

  sendDiscovery({ ifindex, address }: LinkAddress, packet: Uint8Array): void {
    this.#icmp6.send({ ifindex, to: address, packet });
  }

  forward(changes: readonly ForwardingChange[]): (string | undefined)[] {
    const results = this.#rtnetlink.send(changes.map(routeRequest));
    // A route that should go and is gone already, as after its interface went down, is no failure.
    return results.map((error, index) => (changes[index]?.via || error !== "ESRCH" ? error : undefined));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server?.close();
    this.#stack[Symbol.dispose]();
  }

  #accept(socket: Socket): TcpTransport | undefined {
    try {
      return TcpTransport.accepted(socket, this.#clock);
    } catch (error) {
      socket.destroy();
      if (error instanceof SystemError) return undefined; // it went as fast as it came
      throw error;
    }
  }
}

function routeRequest({ prefix, via }: ForwardingChange): NetlinkRequest {
  if (!via) return deleteRoute({ prefix, protocol: RTPROT_FE80 });
  return replaceRoute({ prefix, protocol: RTPROT_FE80, ifindex: via.ifindex, gateway: via.address });
}
