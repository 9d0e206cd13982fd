import { readNeighborTable } from "../../linux/neighbor-table.ts";
import { droppingInterfaces } from "../../linux/nf-tables.ts";
import { getLink } from "../../linux/rtnetlink/link.ts";
import type { KernelNextHop } from "../../linux/rtnetlink/route.ts";
import { Rtnetlink } from "../../linux/rtnetlink/rtnetlink.ts";
import { SystemError } from "../../linux/system-error.ts";
import { readTcpDrops } from "../../linux/tcp-drops.ts";
import { isListening } from "../../linux/tcp-sockets.ts";
import type { KernelRouteFacts, MachineFacts } from "../runtime.ts";

const BGP_PORT = 179;

/** What the kernel shows of a namespace. @param path its path @throws {SystemError} */
export function readMachineFacts(path: string): MachineFacts {
  using rtnetlink = Rtnetlink.open(path);
  // What is asked for by name is settled first: a carrier that is gone may else be told up to a second later.
  rtnetlink.send(rtnetlink.links().map(({ ifname }) => getLink(ifname)));
  const addresses = Map.groupBy(rtnetlink.addresses(), ({ ifindex }) => ifindex);
  const dropping = orNone(() => droppingInterfaces(path));
  return {
    interfaces: rtnetlink.links().map(({ ifname, ifindex, up, running }) => ({
      ifname,
      up,
      running,
      addresses: (addresses.get(ifindex) ?? []).map(({ address, tentative }) => ({ address, tentative })),
      dropping: dropping.includes(ifname),
    })),
    listening: isListening(path, BGP_PORT),
    drops: readTcpDrops(path),
    neighborTable: readNeighborTable(),
  };
}

/** A kernel without nftables drops nothing for us. */
function orNone(list: () => string[]): string[] {
  try {
    return list();
  } catch (error) {
    if (error instanceof SystemError) return [];
    throw error;
  }
}

/** The routes of a namespace's main table, whoever put them there. @throws {SystemError} */
export function readKernelRoutes(path: string): KernelRouteFacts[] {
  using rtnetlink = Rtnetlink.open(path);
  const ifnames = new Map(rtnetlink.links().map(({ ifindex, ifname }) => [ifindex, ifname]));
  const via = ({ ifindex, gateway }: KernelNextHop) => ({
    via: ifnames.get(ifindex) ?? String(ifindex),
    nextHop: gateway ?? null,
  });
  return Array.from(rtnetlink.routes(null), ({ prefix, protocol, target }) => ({
    prefix,
    protocol,
    nextHops: target === "blackhole" ? [] : target.map(via),
  }));
}
