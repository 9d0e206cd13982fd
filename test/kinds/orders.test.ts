import t from "tap";
import type { Orders } from "../../src/kinds/kind.ts";
import { prefix } from "../../src/net/prefix.ts";
import { shippedPlan } from "../support/lab-status.ts";
import { daemonIn, fileOf, type RecordedKind } from "./recorded.ts";

const ordersOf = (kind: RecordedKind): Orders =>
  daemonIn(shippedPlan(`pair-with-${kind}`), kind).orders ?? {};

t.test("a daemon is asked for a refresh in its own words", async (t) => {
  const refresh = (kind: RecordedKind) => ordersOf(kind).refresh?.("eth0").join(" ");
  t.match(refresh("frr"), /-c clear bgp ipv4 unicast eth0 soft in -c clear bgp ipv6 unicast eth0 soft in$/);
  t.match(refresh("gobgp"), /neighbor fe80::1%eth0 softresetin$/);
  t.match(refresh("openbgpd"), /^bgpctl -s \S+ neighbor eth0 refresh$/);
  t.match(
    refresh("exabgp"),
    /orders announce route-refresh ipv4 unicast announce route-refresh ipv6 unicast$/,
  );
});

t.test("a daemon ends a session with words for the peer, if it can (RFC 9003)", async (t) => {
  const shutdown = (kind: RecordedKind) => ordersOf(kind).shutdown?.("eth0", "new cables").slice(-3);
  t.strictSame(shutdown("frr"), ["router bgp 64513", "-c", "neighbor eth0 shutdown message new cables"]);
  t.strictSame(shutdown("gobgp"), ["shutdown", "--reason", "new cables"]);
  t.strictSame(shutdown("openbgpd"), ["eth0", "down", "new cables"]);
  t.equal(shutdown("exabgp"), undefined);
});

t.test("FRR and GoBGP take prefixes while they run", async (t) => {
  const prefixes = [prefix("10.0.0.0/8"), prefix("2001:db8::/32")];
  const frr = ordersOf("frr");
  t.match(frr.announce?.(prefixes).join(" "), / -c network 10\.0\.0\.0\/8 .* -c network 2001:db8::\/32 /);
  t.match(frr.withdraw?.(prefixes).join(" "), / -c no network 10\.0\.0\.0\/8 /);
  const gobgp = ordersOf("gobgp");
  t.strictSame(gobgp.announce?.(prefixes).slice(-5), ["add", "ipv4", "10.0.0.0/8", "ipv6", "2001:db8::/32"]);
  t.strictSame(gobgp.withdraw?.(prefixes).slice(-5, -4), ["del"]);
});

t.test("ExaBGP takes routes by a pipe", async (t) => {
  const { announce, withdraw } = ordersOf("exabgp");
  const told = announce?.([prefix("10.0.0.0/8"), prefix("2001:db8::/32")], "med 5") ?? [];
  t.equal(told.at(-1), "announce attributes next-hop self med 5 nlri 10.0.0.0/8 2001:db8::/32");
  t.equal(withdraw?.([prefix("10.0.0.0/8")]).at(-1), "withdraw route 10.0.0.0/8 next-hop self");
  t.match(fileOf("exabgp", { ends: ".conf", body: "" }), "cat /run/fe80/lab/exabgp-r2.orders &");
});

t.test("several paths, and a graceful restart, in the words of each", async (t) => {
  const body = "add-path: both, graceful-restart: full, timers: { restart: 30 }";
  const toml = fileOf("gobgp", { ends: ".toml", body });
  t.match(
    toml,
    "  [neighbors.graceful-restart.config]\n    enabled = true\n    restart-time = 30\n    deferral-time = 10\n",
  );
  t.match(toml, "    [neighbors.afi-safis.add-paths.config]\n      receive = true\n      send-max = 255\n");
  t.match(fileOf("gobgp", { ends: ".toml", body: "" }), "    enabled = true\n    helper-only = true\n");
  t.notMatch(fileOf("gobgp", { ends: ".toml", body: 'graceful-restart: "off"' }), "graceful-restart");
  const openbgpd = fileOf("openbgpd", { ends: ".conf", body: "add-path: both" });
  t.match(openbgpd, "  announce add-path recv yes\n  announce add-path send all\n");
  t.match(
    fileOf("exabgp", { ends: ".conf", body }),
    "route-refresh enable; add-path send/receive; graceful-restart 30; }",
  );
  t.match(fileOf("exabgp", { ends: ".conf", body: "add-path: receive" }), "add-path receive;");
});
