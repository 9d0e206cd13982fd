import fc from "fast-check";
import t from "tap";
import { Icmp6Socket } from "../../src/linux/icmp6.ts";
import { ALL_NODES, ALL_ROUTERS } from "../../src/linux/multicast.ts";
import { Poller } from "../../src/linux/poller.ts";
import { readControl } from "../../src/linux/recvmsg.ts";
import { decodeDiscovery, encodeDiscovery } from "../../src/linux/router-advertisement.ts";
import { pair } from "./sandbox.ts";

const advertisement = {
  type: "routerAdvertisement",
  hopLimit: 64,
  lifetime: 0,
  sourceMac: "02:fe:80:00:00:01",
  intervalMs: 10_000,
} as const;

t.test("an advertisement crosses the link, and says whence and over which interface it came", async (t) => {
  const [a, b] = pair(t).ends;
  using poller = new Poller();
  using from = Icmp6Socket.open(a.netns);
  using to = Icmp6Socket.open(b.netns);
  from.join(a.ifindex);
  to.join(b.ifindex);
  for (const group of [ALL_NODES, ALL_ROUTERS]) {
    from.send({ ifindex: a.ifindex, to: group, packet: encodeDiscovery(advertisement) });
    const [arrival, ...more] = await received(to, poller);
    t.match(arrival, { ifindex: 100, from: a.address, hopLimit: 255 });
    t.same(more, []);
    t.same(arrival && decodeDiscovery(arrival.packet, arrival), advertisement);
  }
  t.same(from.receive(), [], "the sender does not hear itself");
});

t.test("an answer to one neighbor arrives with hop limit 255 too (RFC 4861 §6.1)", async (t) => {
  const [a, b] = pair(t).ends;
  using poller = new Poller();
  using from = Icmp6Socket.open(a.netns);
  using to = Icmp6Socket.open(b.netns);
  from.send({ ifindex: a.ifindex, to: b.address, packet: encodeDiscovery(advertisement) });
  t.match(await received(to, poller), [{ from: a.address, hopLimit: 255 }]);
});

t.test("nothing but router discovery gets through: not even the ping that comes before it", async (t) => {
  const [a, b] = pair(t).ends;
  using poller = new Poller();
  using from = Icmp6Socket.open(a.netns);
  using to = Icmp6Socket.open(b.netns);
  from.send({ ifindex: a.ifindex, to: b.address, packet: Uint8Array.of(128, 0, 0, 0, 0, 1, 0, 1) });
  from.send({ ifindex: a.ifindex, to: b.address, packet: encodeDiscovery(advertisement) });
  const arrived = await received(to, poller);
  t.same(
    arrived.map(({ packet }) => packet[0]),
    [134],
  );
});

t.test("an interface that is left can be joined again, one that is not there cannot", async (t) => {
  const [a] = pair(t).ends;
  using socket = Icmp6Socket.open(a.netns);
  socket.join(a.ifindex);
  t.throws(() => socket.join(a.ifindex), { name: "SystemError", errnoName: "EADDRINUSE" });
  socket.leave(a.ifindex);
  socket.join(a.ifindex);
  t.throws(() => socket.join(77), { name: "SystemError", errnoName: "ENODEV" });
  const packet = encodeDiscovery(advertisement);
  t.throws(() => socket.send({ ifindex: 77, to: ALL_NODES, packet }), {
    name: "SystemError",
    call: "sendto",
    object: "ff02::1%77",
  });
});

t.test("any control buffer gives messages that lie inside it", async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), (octets) => {
      const held = readControl(octets).reduce((sum, { data }) => sum + 16 + data.length, 0);
      return held <= octets.length;
    }),
  );
});

function received(socket: Icmp6Socket, poller: Poller) {
  return new Promise<ReturnType<Icmp6Socket["receive"]>>((resolve) => {
    const watch = poller.watch(socket.fd, () => {
      watch[Symbol.dispose]();
      resolve(socket.receive());
    });
  });
}
