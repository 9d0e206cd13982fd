import t from "tap";
import type { RouteDetail } from "../../src/bgp/control/route-detail.ts";
import type { Address, RouterId } from "../../src/net/address.ts";
import { asn } from "../../src/net/asn.ts";
import { prefix } from "../../src/net/prefix.ts";
import { routeLines } from "../../src/report/route-lines.ts";

const best: RouteDetail = {
  prefix: prefix("10.0.2.0/24"),
  attributes: {
    origin: "igp",
    asPath: [{ type: "sequence", asns: [64513, 7] }],
    med: 0,
    localPref: 200,
    atomicAggregate: true,
    aggregator: { asn: 7, address: "10.0.0.1" as Address },
    communities: [0xffff_ff01, 0xfc00_0064],
    extendedCommunities: ["0002fc0000000001"],
    largeCommunities: [[64512, 1, 2]],
    originatorId: "0.0.0.9" as RouterId,
    clusterList: ["0.0.0.7" as RouterId],
    onlyToCustomer: 64513,
    unknown: [
      { flags: 0xc0, code: 99, value: "0a0b" },
      { flags: 0xc0, code: 98, value: "" },
    ],
  },
  nextHop: { global: "2001:db8::2" as Address, linkLocal: "fe80::2" as Address },
  peer: { session: "eth0", ifname: "eth0", asn: asn(64513), address: "fe80::2" as Address },
  pathId: 5,
  state: "best",
  stale: true,
  why: "highest LOCAL_PREF",
  kernel: "installed",
};
const own: RouteDetail = {
  prefix: prefix("10.0.1.0/24"),
  attributes: { origin: "igp", asPath: [] },
  nextHop: null,
  peer: null,
  pathId: 0,
  state: "best",
  stale: false,
  why: "",
  kernel: "connected",
};
const other: RouteDetail = {
  ...best,
  state: "used",
  stale: false,
  pathId: 0,
  why: "lowest MED",
  kernel: null,
};
const refused: RouteDetail = { ...own, state: "unusable", why: "AS loop", kernel: null };

async function* parts(...lists: RouteDetail[][]): AsyncGenerator<RouteDetail[]> {
  yield* lists;
}

async function lines(routes: AsyncIterable<RouteDetail[]>, format: "table" | "json", detailed = false) {
  const all: string[] = [];
  for await (const line of routeLines(routes, { format, detailed })) all.push(line);
  return all;
}

t.test("routes are a row each, with marks as in birdc, and one head for all parts", async (t) => {
  t.strictSame(await lines(parts([own, best], [other, refused]), "table"), [
    "   PREFIX       NEXT HOP  VIA   AS PATH  WHY                        KERNEL",
    ">  10.0.1.0/24  -         -     -        -                          connected",
    ">  10.0.2.0/24  fe80::2   eth0  64513 7  highest LOCAL_PREF, stale  installed",
    "*  10.0.2.0/24  fe80::2   eth0  64513 7  lowest MED  -",
    "!  10.0.1.0/24  -         -     -        AS loop     -",
  ]);
  t.strictSame(await lines(parts([]), "table"), ["no routes"]);
});

t.test("in detail all that a route says is in words", async (t) => {
  t.strictSame(await lines(parts([best, refused]), "table", true), [
    "> 10.0.2.0/24 best: highest LOCAL_PREF",
    "    peer                  AS 64513, fe80::2 on eth0",
    "    next hop              2001:db8::2 and fe80::2",
    "    origin                igp",
    "    AS path               64513 7",
    "    MED                   0",
    "    local preference      200",
    "    communities           no-export 64512:100",
    "    extended communities  rt:64512:1",
    "    large communities     64512:1:2",
    "    only to customer      64513",
    "    atomic aggregate      yes",
    "    aggregator            AS 7, 10.0.0.1",
    "    originator            0.0.0.9",
    "    clusters              0.0.0.7",
    "    unknown               99: 0a0b, 98: empty",
    "    path identifier       5",
    "    stale                 kept over a restart of its peer's",
    "    kernel                installed",
    "",
    "! 10.0.1.0/24 unusable: AS loop",
    "    origin   igp",
    "    AS path  empty",
  ]);
  t.equal((await lines(parts([{ ...own, state: "told" }]), "table", true))[0], "  10.0.1.0/24 told");
});

t.test("programs get one list of all parts", async (t) => {
  t.strictSame(JSON.parse((await lines(parts([own], [best, other]), "json")).join("\n")), [own, best, other]);
  t.strictSame(JSON.parse((await lines(parts(), "json")).join("\n")), []);
});
