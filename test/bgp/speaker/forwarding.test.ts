import t from "tap";
import type { RouterConfig, SessionConfig } from "../../../src/bgp/config/config.ts";
import type { RouteQuery } from "../../../src/bgp/control/route-detail.ts";
import type { LinkAddress } from "../../../src/bgp/speaker/host.ts";
import type { Address } from "../../../src/net/address.ts";
import { prefix } from "../../../src/net/prefix.ts";
import { MemoryLab } from "../../support/memory-lab.ts";

/** Long enough for everything that does not wait for a timer. */
const SOON_MS = 50;
/** Longer than what others did to our routes waits to be put right. */
const PUT_RIGHT_MS = 150;

function established(
  size: number,
  { session = {}, router = {} }: { session?: Partial<SessionConfig>; router?: Partial<RouterConfig> } = {},
): MemoryLab {
  const lab = new MemoryLab(size, session, router);
  lab.start();
  lab.clock.advance(SOON_MS);
  return lab;
}

const elsewhere: readonly LinkAddress[] = [{ ifindex: 1, address: "fe80::77" as Address }];

t.test("what somebody else did to a route of ours is put right, and a stray one is taken away", async (t) => {
  const lab = established(4);
  const { host } = lab.member(1);
  const before = lab.forwarding(1);
  host.disturb(prefix("10.0.2.0/24"), elsewhere);
  host.disturb(prefix("10.0.3.0/24"), []);
  host.disturb(prefix("10.0.99.0/24"), elsewhere);
  t.equal(Object.keys(lab.forwarding(1)).length, 3);
  lab.clock.advance(PUT_RIGHT_MS);
  t.strictSame(lab.forwarding(1), before);
});

t.test("when it is not known what was done, all is compared", async (t) => {
  const lab = established(4);
  const { host } = lab.member(1);
  const before = lab.forwarding(1);
  host.routes.set(prefix("10.0.2.0/24"), elsewhere);
  host.routes.set(prefix("10.0.99.0/24"), "blackhole");
  host.routes.delete(prefix("10.0.4.0/24"));
  host.loseNews();
  lab.clock.advance(PUT_RIGHT_MS);
  t.strictSame(lab.forwarding(1), before);
});

t.test("a router that installs nothing talks as any other", async (t) => {
  const lab = established(3, { router: { install: false } });
  for (const number of [1, 2, 3]) t.strictSame(lab.forwarding(number), {});
  const { routes } = lab.member(1).router.status;
  t.match(
    routes.map(({ prefix, kernel }) => `${prefix} ${kernel}`),
    ["10.0.1.0/24 connected", "10.0.2.0/24 kept out", "10.0.3.0/24 kept out"],
  );
  const before = lab.member(1).host.routes;
  before.set(prefix("10.0.99.0/24"), elsewhere);
  lab.member(1).host.loseNews();
  lab.clock.advance(PUT_RIGHT_MS);
  t.equal(before.size, 1, "nor does it take away what is not its own");
});

t.test("routes of the machine are originated as they come, and withdrawn as they go", async (t) => {
  const lab = established(2, { router: { redistribute: ["static"] } });
  const { host } = lab.member(1);
  host.setOthers([prefix("10.7.0.0/16"), prefix("10.0.1.0/24"), prefix("2001:db8:7::/48")]);
  lab.clock.advance(SOON_MS);
  t.strictSame(Object.keys(lab.forwarding(2)), ["10.0.1.0/24", "10.7.0.0/16", "2001:db8:7::/48"]);
  const [told] = lab.member(2).router.routes(query({ router: "r2", prefix: prefix("10.7.0.0/16") })) ?? [];
  t.match(told, { attributes: { origin: "incomplete" }, state: "best", peer: { ifname: "eth0" } });
  host.setOthers([]);
  lab.clock.advance(SOON_MS);
  t.strictSame(Object.keys(lab.forwarding(2)), ["10.0.1.0/24"], "what it originates anyway stays");
});

const query = (change: Partial<RouteQuery>): RouteQuery => ({
  router: "r1",
  prefix: null,
  table: "locRib",
  session: null,
  ...change,
});

t.test("routes are told in full: all candidates, what a peer told, and what it was told", async (t) => {
  const lab = established(3);
  const { router } = lab.member(2);
  const tell = (change: Partial<RouteQuery>) => [
    ...(router.routes(query({ router: "r2", ...change })) ?? []),
  ];
  t.strictSame(
    tell({}).map(({ prefix, state, kernel }) => `${prefix} ${state} ${kernel}`),
    ["10.0.2.0/24 best connected", "10.0.1.0/24 best installed", "10.0.3.0/24 best installed"],
  );
  t.match(tell({ prefix: prefix("10.0.3.0/24") }), [
    {
      attributes: { origin: "igp", asPath: [{ type: "sequence", asns: [64514] }] },
      nextHop: { global: null, linkLocal: "fe80::3" },
      peer: { ifname: "eth1", asn: 64514, address: "fe80::3" },
      why: "only route",
      stale: false,
    },
  ]);
  t.match(tell({ table: "adjRibIn", session: "eth0" }), [{ prefix: "10.0.1.0/24", state: "best" }]);
  const out = tell({ table: "adjRibOut", session: "eth0" });
  t.strictSame(
    out.map(({ prefix, state, nextHop }) => `${prefix} ${state} ${nextHop?.linkLocal}`),
    ["10.0.2.0/24 told fe80::2", "10.0.3.0/24 told fe80::2"],
  );
  t.strictSame(tell({ table: "adjRibOut", session: "eth0", prefix: prefix("10.0.9.0/24") }), []);
  t.equal(router.routes(query({ router: "r2", table: "adjRibIn", session: "eth7" })), undefined);
});

t.test("too many prefixes of a peer end its session, for a minute at least (RFC 4486)", async (t) => {
  const lab = established(4, { session: { prefixLimit: 2 } });
  t.match(lab.session(1, "eth1"), {
    state: "Idle",
    lastError: "sent NOTIFICATION 6/1 (maximum prefixes): more than 2 prefixes",
  });
  t.strictSame(lab.forwarding(1), {});
  t.match(lab.session(2, "eth0").lastError, "received NOTIFICATION 6/1 (maximum prefixes)");
  lab.clock.advance(40_000);
  t.equal(lab.session(1, "eth1").state, "Idle");
});
