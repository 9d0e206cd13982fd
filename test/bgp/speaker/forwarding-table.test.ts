import * as fc from "fast-check";
import t from "tap";
import type { NlriWriter } from "../../../src/bgp/rib/nlri-writer.ts";
import type { BestChange, Via } from "../../../src/bgp/rib/route.ts";
import { ForwardingTable } from "../../../src/bgp/speaker/forwarding-table.ts";
import { targetKey } from "../../../src/bgp/speaker/targets.ts";
import type { Address } from "../../../src/net/address.ts";
import { type Prefix, prefix, prefixFamily, prefixParts } from "../../../src/net/prefix.ts";
import type { MemoryHost } from "../../../src/simulation/memory-host.ts";
import { MemoryNetwork } from "../../../src/simulation/memory-network.ts";
import { VirtualClock } from "../../../src/simulation/virtual-clock.ts";

/** By number. */
const prefixes = [
  ...["0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.1.0/25", "10.1.1.1/32"],
  ...["::/0", "2001:db8::/33", "2001:db8::1/128"],
].map(prefix);

const numbers = {
  prefix: (id: number) => prefixes[id] as Prefix,
  writePrefix: (id: number, writer: NlriWriter) => {
    const { octets, length } = prefixParts(prefixes[id] as Prefix);
    writer.u8(length);
    for (const octet of octets.subarray(0, Math.ceil(length / 8))) writer.u8(octet);
  },
};

const ifindexes: Readonly<Record<string, number>> = { eth0: 1, eth1: 2 };

/** A router with two interfaces. */
function create() {
  const network = new MemoryNetwork(new VirtualClock());
  const host = network.host("r1");
  const far = network.host("r2");
  for (const ifname of Object.keys(ifindexes)) {
    const address = "fe80::1" as Address;
    network.link({ host, ifname, address }, { host: far, ifname, address: "fe80::2" as Address });
  }
  return { host, table: new ForwardingTable(host, numbers, (ifname) => ifindexes[ifname]) };
}

const forwarded = ({ routes }: MemoryHost) =>
  Object.fromEntries(
    [...routes].map(([prefix, target]): [string, string] => [prefix, targetKey(target)]).sort(),
  );

const hop = (ifname: string, host: number): Via => ({ ifname, address: `fe80::${host}` as Address });
const ways: readonly (readonly Via[])[] = [
  [hop("eth0", 2)],
  [hop("eth1", 2)],
  [hop("eth0", 2), hop("eth1", 2)],
  [hop("eth1", 2), hop("eth0", 2)],
  [hop("eth7", 2)],
];

const change = (id: number, where: number): BestChange => {
  const family = prefixFamily(prefixes[id] as Prefix);
  const via = ways[where];
  if (via) return { id, family, via, type: "forward" };
  return {
    id,
    family,
    via: [],
    type: (["none", "local", "blackhole"] as const)[where - ways.length] ?? "none",
  };
};

/** What the kernel must have after a change; undefined for nothing. */
function expected({ type, via }: BestChange): string | undefined {
  if (type === "blackhole") return type;
  const hops = via.flatMap(({ ifname, address }) => {
    const ifindex = ifindexes[ifname];
    return ifindex === undefined ? [] : [{ ifindex, address }];
  });
  return hops.length > 0 ? targetKey(hops) : undefined;
}

const changes = fc
  .array(fc.tuple(fc.nat(prefixes.length - 1), fc.nat(ways.length + 2)), { maxLength: 12 })
  // A settling of the RIB tells of each prefix once.
  .map((all) => [...new Map(all).entries()].map(([id, where]) => change(id, where)));

const step = fc.oneof(
  { weight: 4, arbitrary: changes.map((all) => ({ type: "apply", all }) as const) },
  fc.nat(prefixes.length - 1).map((id) => ({ type: "lose", id }) as const),
  fc.nat(prefixes.length - 1).map((id) => ({ type: "refuse", id }) as const),
  fc.constantFrom("flap", "repair").map((type) => ({ type }) as const),
);

t.test("whatever changes and whatever others do, the kernel has what was decided", async () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const { host, table } = create();
      const model = new Map<string, string>();
      const lost = new Set<Prefix>();
      for (const step of steps) {
        switch (step.type) {
          case "apply":
            table.apply(step.all);
            for (const each of step.all) {
              const prefix = numbers.prefix(each.id);
              const target = expected(each);
              if (target === undefined) model.delete(prefix);
              else model.set(prefix, target);
            }
            break;
          case "lose":
            host.routes.delete(numbers.prefix(step.id));
            lost.add(numbers.prefix(step.id));
            break;
          case "refuse":
            host.refused.add(numbers.prefix(step.id));
            break;
          case "flap":
            host.changeLink(1, { linkLocal: undefined });
            host.changeLink(1, { linkLocal: "fe80::1" as Address });
            table.linkChanged(1);
            break;
          case "repair":
            table.repair();
            break;
          default:
            step satisfies never;
        }
      }
      host.refused.clear();
      table.restore(lost);
      table.repair();
      const sorted = Object.fromEntries([...model].sort());
      if (JSON.stringify(forwarded(host)) !== JSON.stringify(sorted)) {
        throw new Error(`${JSON.stringify(forwarded(host))} instead of ${JSON.stringify(sorted)}`);
      }
      table.clear();
      if (host.routes.size > 0 || table.size > 0) throw new Error("something is left");
    }),
    { numRuns: 500 },
  );
});

t.test("what the kernel refuses is known until it is not wanted, or taken, any more", async (t) => {
  const { host, table } = create();
  const [ten] = [prefix("10.0.0.0/8")];
  host.refused.add(ten);
  table.apply([change(1, 0)]);
  t.equal(table.refusal(ten), "refused: EINVAL");
  host.refused.clear();
  table.apply([change(1, 0)]);
  t.equal(table.refusal(ten), undefined, "it is tried again when it is told again");
  t.strictSame(forwarded(host), { "10.0.0.0/8": "fe80::2%1" });
  for (const again of [
    () => table.repair(),
    () => table.restore(new Set([ten])),
    () => table.linkChanged(2),
  ]) {
    host.refused.add(ten);
    table.apply([change(1, 1)]);
    t.equal(table.refusal(ten), "refused: EINVAL");
    host.refused.clear();
    again();
    t.equal(table.refusal(ten), undefined);
    table.apply([change(1, 0)]);
  }
  host.refused.add(ten);
  table.apply([change(1, 1)]);
  host.refused.clear();
  table.apply([change(1, ways.length)]);
  t.equal(table.refusal(ten), undefined);
  t.strictSame(forwarded(host), {});
});

t.test("a route that stays where it was is not told to the kernel again", async (t) => {
  const { host, table } = create();
  let told = 0;
  const forward = host.forward.bind(host);
  host.forward = (all) => {
    told += all.length;
    return forward(all);
  };
  table.apply([change(1, 2), change(5, 2)]);
  t.equal(told, 2, "a change for each family");
  table.apply([change(1, 3), change(5, 2)]);
  t.equal(told, 2, "the order of several next hops does not matter");
  t.equal(table.size, 2);
});
