import t from "tap";
import { mistakesIn } from "./parsing.ts";

/** A file below its first line `name: lab`, and all that is said of it. */
type Case = readonly [text: string, ...mistakes: string[]];

const nameHint = "letters, digits, - and _, a letter or digit first, at most 63 in all";
const prefixHint = "a prefix is written 10.0.1.0/24 or 2001:db8::/48";
const idHint = "a router id is a dotted quad such as 0.0.0.1";
const linkHint = "write a link as r1 -- r2, or as r1:eth0 -- r2:eth3";
const sharedHint = "write a shared link as [r1, r2, r3], with a name or a pattern each";
const durationHint = "a number of seconds, or a text such as 500ms, 3s or 1m; at most a day";

const cases: Record<string, readonly Case[]> = {
  "names of routers": [
    ["routers: { r.1: }", `2:12 "r.1" cannot be the name of a router | ${nameHint}`],
    ["routers: { -r: }", `2:12 "-r" cannot be the name of a router | ${nameHint}`],
    ["routers: [7]", "2:11 expected the name of a router, found 7 | a name of digits alone must be quoted"],
    ["routers: [r1, r1]", '2:15 "r1" is in the list already'],
    ["routers: { r1: , r1: }", '2:18 "r1" is there already, in line 2'],
    ["routers: { constructor: , r1: }", '2:12 "constructor" cannot be a key | choose another name'],
    ["routers: []", "2:10 a lab needs at least one router"],
    ["routers: {}", "2:10 a lab needs at least one router"],
    [
      "routers:",
      "2:9 expected routers, found nothing | write a map { r1: { asn: 64512 }, r2: }, or a list [r1, r2]",
    ],
    ["links: []", '1:1 "routers" is missing'],
  ],
  "unknown keys": [
    ["routerz: [r1]\nrouters: [r1]", '2:1 unknown key "routerz" | did you mean routers?'],
    ["nodes: [r1]\nrouters: [r1]", '2:1 unknown key "nodes" | did you mean routers?'],
    ["routers: { r1: { routerId: 0.0.0.1 } }", '2:18 unknown key "routerId" | did you mean router-id?'],
    ["routers: { r1: { as: 1 } }", '2:18 unknown key "as" | did you mean asn?'],
    [
      "routers: { r1: { timers: { retry: 1 } } }",
      '2:28 unknown key "retry" | the keys here are hold, keepalive, connect-retry, idle-hold, delay-open, connect-retry-jitter, idle-hold-jitter, send-hold, restart',
    ],
    [
      "routers: [r1]\ndefaults: { router-id: 0.0.0.1 }",
      '3:13 unknown key "router-id" | no two routers have the same: set it at each router',
    ],
  ],
  "AS numbers": [
    ["routers: { r1: { asn: 0 } }", "2:23 AS number 0 is reserved (RFC 7607)"],
    ["routers: { r1: { asn: 65535 } }", "2:23 AS number 65535 is reserved (RFC 7300)"],
    ["routers: { r1: { asn: 4294967295 } }", "2:23 AS number 4294967295 is reserved (RFC 7300)"],
    [
      "routers: { r1: { asn: 4294967296 } }",
      "2:23 4294967296 is not an AS number | a whole number between 1 and 4294967294",
    ],
    [
      "routers: { r1: { asn: 1.5 } }",
      "2:23 1.5 is not an AS number | a whole number between 1 and 4294967294",
    ],
    ["routers: { r1: { asn: .nan } }", "2:23 expected an AS number, found NaN"],
    ["routers: { r1: { asn: AS1 } }", '2:23 expected an AS number, found "AS1"'],
    ["routers: { r1: { router-id: } }", `2:29 expected a router id, found nothing | ${idHint}`],
  ],
  "router ids": [
    ["routers: { r1: { router-id: 1 } }", `2:29 expected a router id, found 1 | ${idHint}`],
    ["routers: { r1: { router-id: 1.2.3 } }", `2:29 "1.2.3" is not a router id | ${idHint}`],
    [
      "routers: { r1: { router-id: 0.0.0.0 } }",
      "2:29 router id 0.0.0.0 is not allowed (RFC 6286 §2.1) | any other dotted quad is",
    ],
    [
      "routers: { r1: { asn: 65000, router-id: 0.0.0.2 }, r2: { asn: 65000 } }",
      "2:52 r2 has the same router id as r1, 0.0.0.2, in the same AS 65000 | set router-id at one of them",
    ],
  ],
  "link-local addresses": [
    [
      "routers: { r1: { link-local: fe80::1/64 } }",
      '2:30 "fe80::1/64" is not an address | write it as "fe80::1"',
    ],
    [
      'routers: { r1: { link-local: "fe80::" } }',
      "2:30 fe80:: stands for any router (RFC 4291 §2.6.1) | use fe80::1 or another",
    ],
    [
      "routers: { r1: { link-local: fe80:1::1 } }",
      '2:30 "fe80:1::1" is not in fe80::/64 | write it as "fe80::1"',
    ],
    [
      "routers: { r1: { link-local: 2001:db8::1 } }",
      '2:30 "2001:db8::1" is not in fe80::/64 | write it as "fe80::1"',
    ],
    [
      "routers: { r1: { link-local: fe80::2 }, r2: }\nlinks: [r1 -- r2]",
      "3:9 r1 and r2 have the same link-local address, fe80::2 | set link-local at one of them",
    ],
  ],
  prefixes: [
    ["routers: { r1: { originate: [10.0.0.0] } }", `2:30 "10.0.0.0" is not a prefix | ${prefixHint}`],
    ["routers: { r1: { originate: [10.0.0.0/33] } }", `2:30 "10.0.0.0/33" is not a prefix | ${prefixHint}`],
    ["routers: { r1: { originate: [7] } }", `2:30 expected a prefix, found 7 | ${prefixHint}`],
    [
      "routers: { r1: { originate: [10.0.1.5/24] } }",
      '2:30 "10.0.1.5/24" has bits set beyond its length | the prefix is 10.0.1.0/24',
    ],
    [
      "routers: { r1: { originate: [fe80::/10] } }",
      "2:30 fe80::/10 is link-local | originate a prefix of unicast addresses",
    ],
    [
      "routers: { r1: { originate: [ff02::/16] } }",
      "2:30 ff02::/16 is multicast | originate a prefix of unicast addresses",
    ],
    [
      "routers: { r1: { originate: [127.0.0.0/8] } }",
      "2:30 127.0.0.0/8 is loopback | originate a prefix of unicast addresses",
    ],
    ["routers: { r1: { originate: [10.0.0.0/8, 10.0.0.0/8] } }", "2:42 r1 originates 10.0.0.0/8 already"],
    [
      "routers: { r1: { originate: 10 } }",
      "2:29 expected a list of prefixes, found 10 | write it as [10.0.1.0/24]",
    ],
  ],
  timers: [
    [
      "routers: { r1: { timers: { hold: 2 } } }",
      "2:34 hold time 2 is not allowed (RFC 4271 §4.2) | 0 for none, or 3 to 65535 s",
    ],
    [
      "routers: { r1: { timers: { connect-retry: 0 } } }",
      "2:43 connect retry time 0 is outside 1 to 65535 s",
    ],
    [
      "routers: { r1: { timers: { idle-hold: 0.5 } } }",
      "2:39 expected an idle hold time in whole seconds, found 0.5",
    ],
    [
      "routers: { r1: { timers: { keepalive: 9 } } }",
      "2:39 keepalive time 9 is not below the hold time 9 | a third of the hold time is usual: 3 s",
    ],
    [
      "routers: { r1: { timers: { keepalive: 0 } } }",
      "2:39 keepalive time 0 needs hold time 0, not 9 | a third of the hold time is usual: 3 s",
    ],
    [
      "defaults: { timers: { keepalive: 12 } }\nrouters: { r1: , r2: { timers: { idle-hold: 1 } } }",
      "2:34 keepalive time 12 is not below the hold time 9 | a third of the hold time is usual: 3 s",
    ],
    [
      "routers: { r1: { timers: [] } }",
      "2:26 expected a map of hold, keepalive, connect-retry, idle-hold, delay-open, connect-retry-jitter, idle-hold-jitter, send-hold, restart, found a list",
    ],
  ],
  "what guards sessions": [
    [
      `routers: { r1: { md5: "${"k".repeat(81)}" } }`,
      "2:23 this cannot be a TCP-MD5 key | a key has 1 to 80 printable ASCII characters, none of them a double quote (RFC 2385)",
    ],
    ["routers: { r1: { md5: 1234 } }", "2:23 expected a TCP-MD5 key as text | quote a key of digits alone"],
    ["routers: { r1: { gtsm: 254 } }", "2:24 expected true or false, found 254"],
    [
      "routers: [r1]\ndefaults: { timers: { send-hold: 0 } }",
      "3:34 send hold time 0 is outside 1 to 65535 s",
    ],
  ],
  sessions: [
    [
      "routers: { r1: { role: boss } }",
      '2:24 expected a role, found "boss" | roles are provider, rs-server, rs-client, customer, peer (RFC 9234)',
    ],
    ["routers: { r1: { passive: never } }", '2:27 expected true or false, found "never"'],
    ["routers: { r1: { families: [] } }", "2:28 a session needs at least one address family"],
    [
      "routers: { r1: { families: [ipv4] } }",
      '2:29 expected an address family, found "ipv4" | families are ipv4-unicast and ipv6-unicast',
    ],
    ["routers: { r1: { families: [ipv4-unicast, ipv4-unicast] } }", "2:28 an address family is there twice"],
    ["routers: { r1: { remote-as: 0 } }", "2:29 AS number 0 is reserved (RFC 7607)"],
    [
      "routers: { r1: { timers: { connect-retry-jitter: [1, 0.5] } } }",
      "2:50 [1, 0.5] is not a range of factors | two factors such as [0.75, 1], each from 0.1 to 10, the smaller first",
    ],
    ["routers: { r1: { timers: { delay-open: 241 } } }", "2:40 delay open time 241 is outside 0 to 240 s"],
    [
      "routers: { r1: { timers: { hold: 65536 } } }",
      "2:34 hold time 65536 is not allowed (RFC 4271 §4.2) | 0 for none, or 3 to 65535 s",
    ],
    [
      "routers: { r1: { families: [ipv4-unicast] }, r2: { families: [ipv6-unicast] } }\nlinks: [r1 -- r2]",
      "3:9 r1 and r2 have no address family in common | set families at one of them",
    ],
    [
      "routers: [r1, r2, r3]\nlinks: [{ link: r1 -- r2, sessions: { r3: { passive: true } } }]",
      '3:39 "r3" is not on this link | the ends of the link are r1 and r2',
    ],
    [
      "routers: [r1, r2]\nlinks: [{ link: r1 -- r2, sessions: { r1: { timers: { keepalive: 9 } } } }]",
      "3:66 keepalive time 9 is not below the hold time 9 | a third of the hold time is usual: 3 s",
    ],
    [
      "routers: [r1, r2]\nlinks: [{ link: r1 -- r2, sessions: { r1: { passif: true } } }]",
      '3:45 unknown key "passif" | did you mean passive?',
    ],
  ],
  "what sessions let through, and what they say of the way": [
    [
      "routers: { r1: { import-prefixes: 10.0.0.0/8 } }",
      '2:35 expected a list of prefixes, found "10.0.0.0/8" | write it as [10.0.1.0/24], or [] to let nothing through',
    ],
    [
      "routers: { r1: { export-prefixes: [10.0.0.1/8] } }",
      '2:36 "10.0.0.1/8" has bits set beyond its length | the prefix is 10.0.0.0/8',
    ],
    ["routers: { r1: { import-prefixes: [ten] } }", `2:36 "ten" is not a prefix | ${prefixHint}`],
    [
      'routers: { r1: { next-hop: { ipv4: "2001:db8::1" } } }',
      '2:36 "2001:db8::1" is not in fe80::/64 | write it as "fe80::1"',
    ],
    ["routers: { r1: { next-hop: { ipv5: x } } }", '2:30 unknown key "ipv5" | did you mean ipv4?'],
    [
      'routers: [r1, r2]\nlinks: [{ link: r1 -- r2, sessions: { r1: { next-hop: { ipv6: "fe80::2" } } } }]',
      "3:55 r1 would tell r2 to send to itself, fe80::2 | r2 ignores such routes (RFC 4271 §5.1.3)",
    ],
    [
      'routers: { r1: { kind: bird, next-hop: { ipv4: "fe80::7" } }, r2: }\nlinks: [r1 -- r2]',
      "2:40 r1 is of kind bird, which cannot do next-hop | take it back at r1: next-hop: ~",
    ],
    [
      "routers: { r1: { router-lifetime: 9 } }",
      "2:35 router lifetime 9 is not allowed (RFC 4861 §6.2.1) | 0 for no default router, or 10 to 9000 s",
    ],
    [
      "routers: { r1: { router-lifetime: 9001 } }",
      "2:35 router lifetime 9001 is not allowed (RFC 4861 §6.2.1) | 0 for no default router, or 10 to 9000 s",
    ],
  ],
  "what is told of routes": [
    [
      "routers: { r1: { local-pref: -1 } }",
      "2:30 -1 is not a local preference | a whole number from 0 to 4294967295",
    ],
    ["routers: { r1: { med: high } }", '2:23 expected a MED, found "high"'],
    [
      "routers: { r1: { communities: [64512:1, 1:70000] } }",
      '2:41 "1:70000" is not a community | write it as 64512:100, or no-export, no-advertise or no-peer',
    ],
  ],
  groups: [
    ["routers: [r1]\ngroups: { all: { } }", '3:16 "routers" is missing'],
    [
      "routers: [r1]\ngroups: { all: { routers: [] } }",
      '3:27 a group needs at least one router | write it as [spine1, "leaf*"]; a * stands for anything',
    ],
    [
      "routers: [r1]\ngroups: { all: { routers: r1 } }",
      '3:27 expected a list of routers, found "r1" | write it as [spine1, "leaf*"]; a * stands for anything',
    ],
    [
      "routers: [leaf1, leaf2]\ngroups: { all: { routers: [leaf1, laef2] } }",
      '3:35 no router is called "laef2" | did you mean leaf2?',
    ],
    [
      'routers: [r1, r2]\ngroups: { all: { routers: ["spine*"] } }',
      '3:28 "spine*" stands for no router | the routers are r1, r2',
    ],
    [
      'routers: [r1]\ngroups: { all: { routers: ["r1*1"] } }',
      '3:28 "r1*1" stands for no router | the routers are r1',
    ],
    [
      "routers: [r1]\ngroups: { all: { routers: [r.1] } }",
      '3:28 "r.1" names no router | write a name, or a pattern such as "leaf*" or "leaf[1-4]"',
    ],
    [
      "routers: [r1]\ngroups: { all: { routers: [r1], link-local: fe80::1 } }",
      '3:33 unknown key "link-local" | no two routers have the same: set it at each router',
    ],
    [
      "routers: [r1]\ngroups: { all: { members: [r1] } }",
      '3:16 "routers" is missing',
      '3:18 unknown key "members" | did you mean routers?',
    ],
    [
      "routers: [r1]\ngroups: { a.b: { routers: [r1] } }",
      `3:11 "a.b" cannot be the name of a group | ${nameHint}`,
    ],
    [
      "routers: [r1]\ngroups: [r1]",
      '3:9 expected groups, found a list | write a map { spines: { routers: ["spine*"], asn: 65000 } }',
    ],
    ["routers: [r1]\ngroups: { all: { routers: [r1], asn: 0 } }", "3:38 AS number 0 is reserved (RFC 7607)"],
    [
      'routers: [r1, r2]\ngroups: { a: { routers: ["r*"], timers: { keepalive: 9 } } }',
      "3:54 keepalive time 9 is not below the hold time 9 | a third of the hold time is usual: 3 s",
    ],
    [
      "routers: [r1, r2]\ngroups: { a: { routers: [r1], timers: { hold: 3 } }, b: { routers: [r1, r2], timers: { keepalive: 5 } } }",
      "3:99 keepalive time 5 is not below the hold time 3 | a third of the hold time is usual: 1 s",
    ],
  ],
  kinds: [
    [
      "routers: { r1: { kind: holo } }",
      '2:24 expected a kind of router, found "holo" | kinds are speaker, bird, frr, gobgp, openbgpd, exabgp',
    ],
  ],
  links: [
    ["routers: [r1, r2]\nlinks: [r1-r2]", `3:9 "r1-r2" is not a link | ${linkHint}`],
    ["routers: [r1, r2]\nlinks: [r1 -- r2 eth0]", `3:15 "r2 eth0" is not the end of a link | ${linkHint}`],
    [
      "routers: {}\nlinks: [r1 -- r2]",
      "2:10 a lab needs at least one router",
      '3:9 no router is called "r1" | there are no routers',
      '3:15 no router is called "r2" | there are no routers',
    ],
    ["routers: [r1, r2]\nlinks: [r1 -- r3]", '3:15 no router is called "r3" | the routers are r1, r2'],
    [
      "routers: [leaf1, leaf2]\nlinks: [leaf1 -- laef2:eth0]",
      '3:18 no router is called "laef2" | did you mean leaf2?',
    ],
    [
      "routers: [r1, r2]\nlinks: [r1:eth0 -- r1:eth1]",
      "3:9 both ends of the link are at r1 | a link joins two routers",
    ],
    ["routers: [r1, r2]\nlinks:\n- r1:e -- r2\n- r2 -- r1:e", "5:9 r1:e is taken by the link in line 4"],
    [
      "routers: [r1, r2]\nlinks: [r1:a-name-of-16-oct -- r2]",
      '3:12 "a-name-of-16-oct" is not an interface name | up to 15 characters without space, /, : or %; not lo, all or default',
    ],
    [
      "routers: [r1]\nlinks: r1 -- r1",
      '3:8 expected a list of links, found "r1 -- r1" | each on a line of its own: - r1 -- r2',
    ],
  ],
  "shared links": [
    ["routers: [r1, r2]\nlinks: [[r1, 2]]", `3:14 expected the end of a link, found 2 | ${sharedHint}`],
    ["routers: [r1, r2]\nlinks: [[]]", `3:9 a link joins routers | ${sharedHint}`],
    ["routers: [r1, r2]\nlinks: [[r1, r2, r4]]", '3:18 no router is called "r4" | the routers are r1, r2'],
    [
      "routers: [r1, r2, r3]\nlinks: [[r1, r2, r3:lo]]",
      '3:21 "lo" is not an interface name | up to 15 characters without space, /, : or %; not lo, all or default',
    ],
    [
      "routers: [r1, r2, r3]\nlinks: [['r1:a', r2, r3, 'r1:b']]",
      "3:27 r1 is on this link already | a router has one interface on a shared link",
    ],
    [
      "routers: [r1, r2]\nlinks: [['r1']]",
      "3:9 this joins no two routers | a shared link needs two routers at least",
    ],
    [
      "routers: [r1, r2, r3]\nlinks: [{ link: [r1, r2, r3], mac: [~, ~] }]",
      "3:36 mac has a list of 2, and the link has 3 ends | list one for each end, in the order of the ends",
    ],
    [
      "routers: [r1, r2, r3]\nlinks: [[r1:e, r2, r3], r1:e -- r2]",
      "3:25 r1:e is taken by the link in line 3",
    ],
    [
      "routers: { r1: , r2: { link-local: 'fe80::1' }, r3: }\nlinks: [[r1, r2, r3]]",
      "3:9 r1 and r2 have the same link-local address, fe80::1 | set link-local at one of them",
    ],
    [
      "routers: { r1: , r2: { kind: bird }, r3: }\nlinks: [[r1, r2, r3]]",
      "3:14 r2 is of kind bird, which takes no part in a shared link | only speakers share links",
    ],
    [
      "routers: { r1: , r2: , h1: { kind: host } }\nlinks: [[r1, r2, h1]]",
      "3:9 the host h1 is on a shared link | give it a link of its own with its router",
    ],
  ],
  "links in their long form": [
    ["routers: [r1, r2]\nlinks: [{ mtu: 1500 }]", '3:9 "link" is missing'],
    [
      "routers: [r1, r2]\nlinks: [{ link: r1 -- r2, mtu: 576 }]",
      "3:32 mtu 576 is not allowed | 1280 (RFC 8200 §5) to 65535",
    ],
    [
      "routers: [r1, r2]\nlinks: [{ link: r1 -- r2, ifindex: 1 }]",
      "3:36 ifindex 1 is not allowed | 2 to 2147483647; the loopback interface has 1",
    ],
    [
      "routers: [r1, r2]\nlinks: [{ link: r1 -- r2, ifindex: [2, 3, 4] }]",
      "3:36 ifindex has a list of 3, and the link has 2 ends | list one for each end, in the order of the ends",
    ],
    [
      "routers: [r1, r2]\nlinks: [{ link: r1 -- r2, ifindex: [5, 6] }, { link: r2 -- r1, ifindex: [7, 5] }]",
      "3:77 ifindex 5 of r1 is taken by the link in line 3",
    ],
    [
      "defaults: { kind: exabgp }\nrouters: [r1, r2]\nlinks: [r1 -- r2]",
      "4:9 r1 and r2 would both wait for the other to open the session | kind exabgp only accepts: let one be a speaker",
    ],
    [
      "routers: [r1, r2]\nlinks: [{ endpoints: [r1:eth0, r2:eth0] }]",
      '3:9 "link" is missing',
      '3:11 unknown key "endpoints" | did you mean link? It is written "r1:eth0 -- r2:eth3"',
    ],
  ],
  expectations: [
    ["routers: [r1]\nexpect: { within: soon }", `3:19 "soon" is not a duration | ${durationHint}`],
    ["routers: [r1]\nexpect: { within: -1 }", `3:19 -1 is not a duration | ${durationHint}`],
    ["routers: [r1]\nexpect: { within: 2000m }", `3:19 "2000m" is not a duration | ${durationHint}`],
    ["routers: [r1]\nexpect: { within: [] }", `3:19 expected a duration, found a list | ${durationHint}`],
    [
      "routers: [r1]\nexpect: { within: 1s, settle: 2s }",
      "3:9 nothing can settle for 2000 ms within 1000 ms | settle must be shorter than within",
    ],
  ],
};

for (const [about, list] of Object.entries(cases)) {
  t.test(`mistakes in ${about} are named where they are`, async (t) => {
    for (const [text, ...mistakes] of list) t.strictSame(mistakesIn(`name: lab\n${text}`), mistakes, text);
  });
}

t.test("a lab needs a name that fits into a path", async (t) => {
  t.strictSame(mistakesIn("routers: [r1]"), ['1:1 "name" is missing']);
  t.strictSame(mistakesIn("name: 7\nrouters: [r1]"), [
    "1:7 expected the name of a lab, found 7 | a name of digits alone must be quoted",
  ]);
  t.strictSame(mistakesIn(`name: ${"x".repeat(33)}\nrouters: [r1]`), [
    `1:7 "${"x".repeat(33)}" cannot be the name of a lab | ${nameHint.replace("63", "32")}`,
  ]);
});

t.test("a part with a mistake does not hide those in the others", async (t) => {
  t.strictSame(mistakesIn("name: 5\nrouters: { r1: { asn: 0 }, r2: 7 }\nlinks: [r1 -- r2, r2 -- r9]\nfoo:"), [
    "1:7 expected the name of a lab, found 5 | a name of digits alone must be quoted",
    "2:23 AS number 0 is reserved (RFC 7607)",
    "2:32 expected a map of kind, asn, originate, log-level, config, passive, families, remote-as, role, strict-role, enforce-first-as, local-pref, med, communities, import, export, require-policy, prefix-limit, allow-own-as, remove-private-as, route-reflector-client, add-path, graceful-restart, graceful-shutdown, blackhole, import-prefixes, export-prefixes, next-hop, router-lifetime, damp-peer-oscillations, collision-detect-established, md5, gtsm, timers, multipath, redistribute, cluster-id, install, runtime, image, memory, cpus, router-id, link-local, found 7",
    '3:25 no router is called "r9" | the routers are r1, r2',
    '4:1 unknown key "foo" | the keys here are name, include, runtime, defaults, kinds, groups, policies, routers, links, expect, steps',
  ]);
});
