import t from "tap";
import type { Transport } from "../../src/bgp/speaker/host.ts";
import type { Address } from "../../src/net/address.ts";
import { calm } from "../../src/simulation/conditions.ts";
import { MemoryNetwork } from "../../src/simulation/memory-network.ts";
import { VirtualClock } from "../../src/simulation/virtual-clock.ts";
import { Random } from "../../src/std/random.ts";

const A = "fe80::a" as Address;
const B = "fe80::b" as Address;
const octets = (...values: number[]) => Uint8Array.from(values);

/** Two hosts and a link; the second listens and notes what it hears. */
function pair(conditions = calm) {
  const clock = new VirtualClock();
  const network = new MemoryNetwork(clock, { conditions });
  const [a, b] = [network.host("a"), network.host("b")];
  const wire = network.link({ host: a, ifname: "eth0", address: A }, { host: b, ifname: "eth0", address: B });
  const heard: string[] = [];
  const accepted: Transport[] = [];
  const listenTo = (name: string, transport: Transport) =>
    transport.listen({
      connected: () => heard.push(`${name} connected`),
      received: (received) => heard.push(`${name} received ${received.join()}`),
      closed: (error) => heard.push(`${name} closed: ${error}`),
    });
  b.listen(179, (transport) => {
    accepted.push(transport);
    listenTo("b", transport);
  });
  const dial = () => {
    const transport = a.dial({ ifindex: 1, address: B }, 179);
    listenTo("a", transport);
    return transport;
  };
  return { clock, a, b, wire, heard, accepted, dial };
}

t.test("a dial becomes a connection, and octets go both ways", async (t) => {
  const { clock, heard, accepted, dial, wire } = pair();
  const dialed = dial();
  clock.advance(10);
  t.strictSame(heard, ["a connected"]);
  t.match(accepted[0]?.peer, { address: A, ifindex: 1 });
  t.match(dialed.peer, { address: B, port: 179 });
  dialed.send(octets(1, 2));
  accepted[0]?.send(octets(3));
  clock.advance(10);
  t.strictSame(heard.slice(1).sort(), ["a received 3", "b received 1,2"]);
  dialed.close();
  clock.advance(10);
  t.equal(heard.at(-1), "b closed: the peer closed the connection");
  t.equal(wire.connections.size, 0);
});

t.test(
  "each direction keeps its order, whatever the delays; other connections do not wait for it",
  async (t) => {
    const random = new Random(1);
    const { clock, heard, dial } = pair({ ...calm, delayMs: () => random.between(0, 100) });
    const [first, second] = [dial(), dial()];
    clock.advance(1_000);
    heard.length = 0;
    for (let number = 0; number < 50; number++) (number % 2 === 0 ? first : second).send(octets(number));
    clock.advance(5_000);
    const numbers = heard.map((line) => Number(line.slice("b received ".length)));
    const ofParity = (parity: number) => numbers.filter((number) => number % 2 === parity);
    for (const parity of [0, 1])
      t.strictSame(
        ofParity(parity),
        ofParity(parity).toSorted((a, b) => a - b),
      );
    t.notSame(
      numbers,
      numbers.toSorted((a, b) => a - b),
      "they did overtake one another",
    );
  },
);

t.test("nobody listening, or a refusal on the way, is a refused dial", async (t) => {
  const { clock, a, heard, dial, b } = pair();
  await b[Symbol.asyncDispose]();
  dial();
  clock.advance(10);
  t.strictSame(heard, ["a closed: connect: ECONNREFUSED"]);
  t.equal(a.links.length, 1);
  const refusing = pair({ ...calm, refusesDial: () => true });
  refusing.dial();
  refusing.clock.advance(10);
  t.strictSame(refusing.heard, ["a closed: connect: ECONNREFUSED"]);
});

t.test("a connection that is reset loses what is under way, and both ends hear of it", async (t) => {
  const { clock, heard, dial, wire } = pair();
  const dialed = dial();
  clock.advance(10);
  dialed.send(octets(1));
  for (const connection of wire.connections) connection.reset();
  clock.advance(10);
  t.strictSame(heard.slice(1).sort(), ["a closed: read: ECONNRESET", "b closed: read: ECONNRESET"]);
  t.equal(wire.connections.size, 0);
});

t.test("a silent link holds octets back, as TCP does, and loses discovery packets", async (t) => {
  const { clock, a, b, heard, dial, wire } = pair();
  const packets: unknown[] = [];
  b.receiveDiscovery((packet) => packets.push(packet));
  b.joinDiscovery(1);
  const dialed = dial();
  clock.advance(10);
  wire.setSilent(true);
  for (const number of [1, 2, 3]) dialed.send(octets(number));
  a.sendDiscovery({ ifindex: 1, address: B }, octets(133));
  clock.advance(1_000);
  t.strictSame(heard, ["a connected"]);
  t.equal(dialed.unsent, 3);
  wire.setSilent(false);
  dialed.send(octets(4));
  a.sendDiscovery({ ifindex: 1, address: B }, octets(134));
  clock.advance(10);
  t.strictSame(
    heard.slice(1),
    [1, 2, 3, 4].map((number) => `b received ${number}`),
  );
  t.equal(dialed.unsent, 0);
  t.match(packets, [{ from: { address: A, ifindex: 1 }, hopLimit: 255, packet: octets(134) }]);
});

const tenSlashEight = { family: 4, addPath: false, octets: Uint8Array.of(8, 10) } as const;

t.test(
  "an interface that is taken down loses its address and routes; its peer only the carrier",
  async (t) => {
    const { a, b, wire } = pair();
    const told: string[] = [];
    for (const host of [a, b]) {
      host.watchLinks(({ running, linkLocal }) => told.push(`${host.name} ${running} ${linkLocal}`));
      host.forward([{ nlri: tenSlashEight, via: [{ ifindex: 1, address: A }] }]);
    }
    const [end] = wire.ends;
    if (end) wire.takeDown(end);
    t.strictSame(told.slice(2), ["a false undefined", `b false ${B}`]);
    t.strictSame([a.routes.size, b.routes.size], [0, 1]);
    t.strictSame(a.forward([{ nlri: tenSlashEight, via: [{ ifindex: 1, address: B }] }]), [
      { prefix: "10.0.0.0/8", error: "ENETDOWN" },
    ]);
    wire.setRunning(true);
    a.addLinkLocal({ ifindex: 1, address: A });
    t.strictSame(told.slice(4), ["a true undefined", `b true ${B}`, `a true ${A}`]);
  },
);

t.test("ends with different TCP-MD5 keys do not meet", async (t) => {
  const { clock, a, b, heard, dial } = pair();
  const guard = { md5Key: "secret", minHopLimit: null };
  using onlyOne = b.guard(1, guard);
  t.ok(onlyOne);
  const dialed = dial();
  clock.advance(1_000);
  t.strictSame(heard, [], "and nobody is told");
  t.equal(b.tcpDrops().md5, 1);
  dialed.close();
  using both = a.guard(1, guard);
  t.ok(both);
  dial();
  clock.advance(10);
  t.strictSame(heard, ["a connected"]);
});
