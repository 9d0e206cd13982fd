import t from "tap";
import type { Transport } from "../../src/bgp/speaker/host.ts";
import type { Address } from "../../src/net/address.ts";
import { MemoryNetwork } from "../../src/simulation/memory-network.ts";
import { VirtualClock } from "../../src/simulation/virtual-clock.ts";

const addresses = ["fe80::a", "fe80::b", "fe80::c"] as Address[];

/** Three hosts on one link; each notes what it hears. */
function segment() {
  const clock = new VirtualClock();
  const network = new MemoryNetwork(clock);
  const hosts = ["a", "b", "c"].map((name) => network.host(name));
  const heard: string[] = [];
  const wire = network.link(
    ...hosts.map((host, index) => ({ host, ifname: "eth0", address: addresses[index] as Address })),
  );
  for (const host of hosts) {
    host.joinDiscovery(1);
    host.receiveDiscovery(({ from }) => heard.push(`${host.name} hears ${from.address}`));
    host.listen(179, ({ peer }) => heard.push(`${host.name} accepts ${peer.address}`));
    host.watchLinks(({ running }) => heard.push(`${host.name} runs: ${running}`));
  }
  clock.advance(10);
  heard.length = 0;
  const [a, b, c] = hosts;
  if (!a || !b || !c) throw new Error("there are three");
  const dial = (address: string): Transport => {
    const transport = a.dial({ ifindex: 1, address: address as Address }, 179);
    transport.listen({
      connected: () => heard.push("a is connected"),
      received: () => undefined,
      closed: (error) => heard.push(`a is told: ${error}`),
    });
    return transport;
  };
  return { clock, wire, a, b, c, heard, dial };
}

t.test("all others on a shared link hear what one says", async (t) => {
  const { clock, b, heard } = segment();
  b.sendDiscovery({ ifindex: 1, address: "ff02::1" as Address }, new Uint8Array());
  clock.advance(100);
  t.strictSame(heard.sort(), ["a hears fe80::b", "c hears fe80::b"]);
});

t.test("a dial reaches who has the address, and nobody else", async (t) => {
  const { clock, heard, dial } = segment();
  dial("fe80::c");
  clock.advance(100);
  t.strictSame(heard.sort(), ["a is connected", "c accepts fe80::a"]);
  dial("fe80::d");
  clock.advance(100);
  t.equal(heard.at(-1), "a is told: connect: EHOSTUNREACH");
});

t.test("an end that is down takes nothing from the others", async (t) => {
  const { clock, wire, a, b, heard, dial } = segment();
  const [, , end] = wire.ends;
  if (end) wire.takeDown(end);
  clock.advance(10);
  t.strictSame(heard, ["c runs: false"]);
  t.equal(wire.running, false);
  a.sendDiscovery({ ifindex: 1, address: "ff02::1" as Address }, new Uint8Array());
  clock.advance(100);
  t.strictSame(heard.slice(1), ["b hears fe80::a"]);
  const transport = dial("fe80::b");
  clock.advance(100);
  t.strictSame(
    [...wire.connections].map((each) => each.isBetween(a, b)),
    [true],
  );
  transport.close();
  wire.setRunning(true);
  clock.advance(10);
  t.equal(heard.filter((text) => text.endsWith("runs: true")).join(), "c runs: true", "only c is told");
});
