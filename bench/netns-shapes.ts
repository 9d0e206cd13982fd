import { defaultRouter } from "../src/bgp/config/config.ts";
import type { Address, RouterId } from "../src/net/address.ts";
import { asn } from "../src/net/asn.ts";
import type { LinkPlan, NodePlan, Plan } from "../src/plan/plan.ts";

/** The shape of a network: how many routers, and which are linked, by number. */
export interface Shape {
  readonly name: string;
  readonly routers: number;
  readonly links: readonly (readonly [number, number])[];
}

export function ring(routers: number): Shape {
  const links = Array.from({ length: routers }, (_, at) => [at, (at + 1) % routers] as const);
  return { name: `ring of ${routers}`, routers, links };
}

export function clos(spines: number, leaves: number): Shape {
  const links = Array.from(
    { length: spines * leaves },
    (_, at) => [at % spines, spines + Math.floor(at / spines)] as const,
  );
  return { name: `${spines} × ${leaves} Clos`, routers: spines + leaves, links };
}

/** What the runtime is given: an address a router, and an index for each interface, as a compiled plan has them. */
export function planOf({ routers, links }: Shape, lab: string): Plan {
  const used = new Map<number, number>();
  const end = (router: number, number: number) => {
    const count = used.get(router) ?? 0;
    used.set(router, count + 1);
    return {
      router: `r${router}`,
      ifname: `eth${count}`,
      ifindex: 100 + number,
      mac: `02:fe:80:${number.toString(16).padStart(6, "0").match(/../g)?.join(":")}`,
      linkLocal: `fe80::${(router + 1).toString(16)}` as Address,
    };
  };
  return {
    lab,
    nodes: Array.from({ length: routers }, (_, router) => nodeOf(router, lab)),
    hosts: [],
    segments: [],
    links: links.map(
      ([a, b], at): LinkPlan => ({ ends: [end(a, 2 * at + 1), end(b, 2 * at + 2)], mtu: 1500 }),
    ),
    places: {},
    expectation: { sessions: [], routes: [], withinMs: 1, settleMs: 1 },
  };
}

function nodeOf(number: number, lab: string): NodePlan {
  const name = `r${number}`;
  const netns = `fe80.${lab}.${name}`;
  return {
    name,
    kind: "speaker",
    netns,
    loopback: [`10.${number >> 8}.${number & 255}.1` as Address],
    router: {
      name,
      netns: `/run/netns/${netns}`,
      log: null,
      logLevel: "info",
      asn: asn(64512),
      routerId: "0.0.0.1" as RouterId,
      originate: [],
      ...defaultRouter,
      sessions: [],
    },
  };
}
