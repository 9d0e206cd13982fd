import t from "tap";
import { readExabgpStatus } from "../../../src/kinds/exabgp/exabgp-status.ts";
import { shippedPlan } from "../../support/lab-status.ts";
import { daemonIn, fileOf, recorded, routerOf, statusOf } from "../recorded.ts";

const conf = (body: string) => fileOf("exabgp", { ends: ".conf", body });
const router = routerOf("exabgp");

t.test("an ExaBGP listens everywhere, and leaves what happens in a file", async (t) => {
  const { command, files, probe } = daemonIn(shippedPlan("pair-with-exabgp"), "exabgp");
  const script = files.find(({ path }) => path === command[1])?.text ?? "";
  t.match(script, /\nexec env exabgp.tcp.bind=:: exabgp.tcp.port=179 /);
  t.match(probe, { commands: [["cat", "/run/fe80/lab/exabgp-r2.events"]] });
});

t.test("its neighbor has the address that the plan knows, and opens the connection", async (t) => {
  const text = conf("md5: key, timers: { hold: 30 }");
  t.match(
    text,
    'neighbor fe80::1 {\n  router-id 0.0.0.2;\n  local-address fe80::2;\n  local-as 64513;\n  peer-as 64512;\n  hold-time 30;\n  passive;\n  md5-password "key";\n  family { ipv4 unicast; ipv6 unicast; }\n  nexthop { ipv4 unicast ipv6; }\n',
  );
  t.notMatch(conf("families: [ipv6-unicast]"), /ipv4|nexthop/);
  t.match(conf('config: "# more"'), /\n# more$/);
});

t.test("what it tells has all that is said of it", async (t) => {
  const text = conf(
    'originate: [10.0.2.0/24, 10.1.2.0/24], export-prefixes: [10.0.2.0/24], med: 5, asn: 64512, local-pref: 7, communities: ["65000:1", no-export]',
  );
  t.match(
    text,
    "    route 10.0.2.0/24 next-hop fe80::2 med 5 local-preference 7 community [ 65000:1 65535:65281 ];\n  }",
  );
  t.notMatch(text, "10.1.2.0");
});

t.test("a session is read from what has happened so far, be the last line half there", async (t) => {
  t.match(readExabgpStatus(router, "").sessions, [
    {
      state: "Active",
      waitingFor: "a connection from its peer on eth0",
      establishedCount: 0,
      lastError: null,
    },
  ]);
  const [events = ""] = recorded("exabgp", "established");
  const lines = events.split("\n");
  t.match(readExabgpStatus(router, lines[0] ?? "").sessions, [
    { state: "OpenSent", waitingFor: "its peer's answer" },
  ]);
  const half = readExabgpStatus(router, events.slice(0, -10));
  t.equal(half.sessions[0]?.state, "Established");
  t.match(statusOf("exabgp", "lost").sessions, [{ lastError: /Hold timer expired/, establishedCount: 1 }]);
});

t.test("a prefix that is withdrawn is gone, and one that was in its AS already is not used", async (t) => {
  const update = (message: object) =>
    JSON.stringify({ type: "update", neighbor: { direction: "receive", message: { update: message } } });
  const announce = (path: unknown[], nlri: string) =>
    update({ attribute: { "as-path": path }, announce: { "ipv4 unicast": { "fe80::1": [{ nlri }] } } });
  const routes = (...lines: string[]) =>
    readExabgpStatus({ ...router, originate: [] }, lines.join("\n")).routes.map(({ prefix, asPath }) => [
      prefix,
      asPath,
    ]);
  const first = announce([64512, [1, 2]], "10.0.0.0/8");
  t.strictSame(routes(first), [["10.0.0.0/8", "64512 {1,2}"]]);
  t.strictSame(routes(first, update({ withdraw: { "ipv4 unicast": [{ nlri: "10.0.0.0/8" }] } })), []);
  const looped = announce([64512, 64513], "10.0.0.0/8");
  t.strictSame(routes(looped), []);
  const sessions = router.sessions.map((session) => ({ ...session, allowOwnAs: 1 }));
  t.match(readExabgpStatus({ ...router, originate: [], sessions }, looped).routes, [
    { asPath: "64512 64513", nextHops: [{ via: "eth0", nextHop: "fe80::1" }] },
  ]);
});
