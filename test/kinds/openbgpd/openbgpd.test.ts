import t from "tap";
import { programsOf } from "../../../src/kinds/kinds.ts";
import { readOpenbgpdStatus } from "../../../src/kinds/openbgpd/openbgpd-status.ts";
import { shippedPlan } from "../../support/lab-status.ts";
import { daemonIn, fileOf, routerOf, statusOf } from "../recorded.ts";

const conf = (body: string) => fileOf("openbgpd", { ends: ".conf", body });

t.test(
  "an OpenBGPD is asked through its own socket, and is known by a program that FRR has not",
  async (t) => {
    const plan = shippedPlan("pair-with-openbgpd");
    t.strictSame(programsOf(plan), [{ program: "bgpctl", package: "openbgpd" }]);
    const { command, files, probe } = daemonIn(plan, "openbgpd");
    t.match(files.find(({ path }) => path === command[1])?.text, /\nexec bgpd -d -v -f "\$4"\n$/);
    t.match(probe, {
      commands: [
        ["bgpctl", "-j", "-s", "/run/fe80/lab/openbgpd-r2.sock", "show", "neighbor"],
        ["bgpctl", "-j", "-s", "/run/fe80/lab/openbgpd-r2.sock", "show", "rib"],
      ],
    });
  },
);

t.test("its neighbor has the address that the plan knows, and carries IPv6 alone", async (t) => {
  const text = conf('originate: ["2001:db8:2::/48"], timers: { hold: 30, connect-retry: 5 }');
  t.match(
    text,
    'AS 64513\nrouter-id 0.0.0.2\nsocket "/run/fe80/lab/openbgpd-r2.sock"\nconnect-retry 5\nfib-update no\nlisten on ::\nnetwork 2001:db8:2::/48\n',
  );
  t.match(
    text,
    'neighbor fe80::1%eth0 {\n  remote-as 64512\n  descr "eth0"\n  holdtime 30\n  announce IPv4 none\n  announce IPv6 unicast\n  announce enhanced refresh yes\n  enforce neighbor-as no\n}\n',
  );
});

t.test("what is said of a session is said in OpenBGPD's words", async (t) => {
  const text = conf(
    "md5: key, gtsm: true, passive: true, role: rs-server, strict-role: true, enforce-first-as: true",
  );
  t.match(
    text,
    '  passive\n  tcp md5sig password "key"\n  ttl-security yes\n  enforce neighbor-as yes\n  announce policy rs enforce\n}',
  );
  t.notMatch(conf("asn: 64512, role: peer, gtsm: true"), /announce policy|enforce/);
  const inside = conf("asn: 64512, route-reflector-client: true, prefix-limit: 9");
  t.match(inside, "\n  route-reflector 0.0.0.2\n  max-prefix 9\n}");
  t.match(
    conf("asn: 64512, route-reflector-client: true, cluster-id: 9.9.9.9"),
    "\n  route-reflector 9.9.9.9\n",
  );
  t.notMatch(conf("asn: 64513, route-reflector-client: true"), "route-reflector");
  t.match(conf("graceful-shutdown: true"), "match to fe80::1%eth0 set { community 65535:0 }");
  t.match(conf('config: "log updates"'), /\nlog updates$/);
});

t.test(
  "filters come after what lets all through: the first quick rule holds, or else the last",
  async (t) => {
    const text = conf(
      'import-prefixes: [10.0.0.0/8, "2001:db8::/32"], export-prefixes: [], local-pref: 3, med: 5, communities: ["1:2"]',
    );
    t.match(
      text,
      'allow from any\nallow to any\nmatch to any set nexthop self\nprefix-set "eth0-import-1" { 2001:db8::/32 prefixlen 32 - 32 }\n' +
        'allow quick from fe80::1%eth0 prefix-set "eth0-import-1" set { localpref 3 }\ndeny quick from fe80::1%eth0\ndeny quick to fe80::1%eth0\n',
    );
    t.match(
      conf('local-pref: 3, med: 5, communities: ["1:2"]'),
      "match from fe80::1%eth0 set { localpref 3 }\nmatch to fe80::1%eth0 set { metric 5 community 1:2 }\n",
    );
    t.match(conf("asn: 64512, local-pref: 3"), "match to fe80::1%eth0 set { localpref 3 }\n");
  },
);

t.test("it tells who opened the connection, and why a session was lost", async (t) => {
  t.match(statusOf("openbgpd", "established").sessions, [
    { direction: /^(in|out)bound$/, peerAddress: "fe80::1" },
  ]);
  t.match(statusOf("openbgpd", "lost").sessions, [{ lastError: "HoldTimer expired" }]);
});

t.test("a session that is not there yet waits for its peer", async (t) => {
  const router = routerOf("openbgpd");
  const waiting = (state: string, passive = false) => {
    const sessions = router.sessions.map((session) => ({ ...session, passive }));
    const neighbors = JSON.stringify({ neighbors: [{ description: "eth0", state }] });
    return readOpenbgpdStatus({ ...router, sessions }, [neighbors]).sessions[0]?.waitingFor;
  };
  t.equal(waiting("Connect"), "its peer's answer");
  t.equal(waiting("Active", true), "a connection from its peer on eth0");
  t.match(readOpenbgpdStatus(router, []).sessions, [{ state: "Idle", waitingFor: "OpenBGPD to know of it" }]);
});
