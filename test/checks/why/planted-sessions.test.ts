import t from "tap";
import type { RouterConfig, SessionConfig } from "../../../src/bgp/config/config.ts";
import { whySession } from "../../../src/checks/why/session.ts";
import type { EndFacts, MachineFacts, SessionFacts } from "../../../src/checks/why/session-facts.ts";
import type { Address, RouterId } from "../../../src/net/address.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import { planOf } from "../../support/lab-status.ts";
import { PlannedLab } from "../../support/planned-lab.ts";
import { reconfigureSession, removeSession } from "../../support/reconfigure.ts";
import { sessionFacts } from "./facts.ts";

const pair = (rest = "") =>
  `name: pair\nrouters:\n  r1: { originate: [10.0.1.0/24, 10.1.1.0/24] }\n  r2:\n${rest || "links: [r1 -- r2]"}`;
const link = (sessions: string) =>
  pair(`links: [{ link: r1 -- r2, expect: down, sessions: { ${sessions} } }]`);

interface Planted {
  readonly what: string;
  readonly text?: string;
  /** Another session at one router than the file could say. */
  readonly change?: Partial<SessionConfig>;
  /** The same of the router itself. */
  readonly router?: Partial<RouterConfig>;
  /** Done after ten seconds. */
  readonly plant?: (lab: PlannedLab) => void;
  /** What nobody can plant in memory. */
  readonly facts?: (facts: SessionFacts) => SessionFacts;
  readonly ask?: string;
  readonly step: string;
  readonly cause: RegExp;
}

const dropping = ({ interfaces, ...rest }: MachineFacts): MachineFacts => ({
  ...rest,
  interfaces: interfaces.map((each) => ({ ...each, dropping: true })),
});

const planted: readonly Planted[] = [
  {
    what: "an interface that is gone",
    facts: atFar(({ machine }) => ({ machine: machine && { ...machine, interfaces: [] } })),
    step: "interface",
    cause: /^r2 has no interface eth0$/,
  },
  {
    what: "a namespace that is gone",
    facts: atFar(() => ({ machine: undefined, status: undefined })),
    step: "router",
    cause: /^the namespace of r2 is gone$/,
  },
  {
    what: "a stopped speaker",
    facts: atFar(() => ({ status: undefined, silence: "speaker-1 has not answered within 2000 ms" })),
    step: "speaker",
    cause: /^the speaker of r2 does not answer: speaker-1 has not/,
  },
  {
    what: "a paused process",
    facts: atFar(() => ({ status: undefined, process: "paused" })),
    step: "speaker",
    cause: /^the process of r2 is paused$/,
  },
  {
    what: "a process that was killed",
    facts: atFar(() => ({ status: undefined, process: "ended" })),
    step: "speaker",
    cause: /^r2 has no process: it was stopped, or has crashed$/,
  },
  {
    what: "an interface that drops all that it receives",
    facts: atFar(({ machine }) => ({ machine: machine && dropping(machine) })),
    step: "blackhole",
    cause: /^all that r2:eth0 receives is dropped without a sign$/,
  },
  {
    what: "a bridge that drops what an interface sends",
    facts: atFar(() => ({ portDropping: true })),
    step: "blackhole",
    cause: /^all that r2:eth0 sends is dropped without a sign$/,
  },
  {
    what: "a black hole",
    facts: atFar(({ machine }) => ({ machine: machine && dropping(machine), portDropping: true })),
    step: "blackhole",
    cause: /^all that r2:eth0 receives or sends is dropped without a sign$/,
  },
  {
    what: "an interface that is down",
    plant: (lab) => takeDown(lab, "r2"),
    step: "up",
    cause: /^interface r2:eth0 is down$/,
  },
  {
    what: "no carrier",
    plant: (lab) => lab.host("r1").changeLink(100, { running: false }),
    step: "carrier",
    cause: /^interface r1:eth0 has no carrier/,
  },
  {
    what: "a missing address",
    change: { linkLocal: null },
    plant: (lab) => {
      lab.router("r2").execute({ type: "reset", router: "r2", session: "eth0", communication: "" });
      lab.host("r2").changeLink(101, { linkLocal: undefined });
    },
    step: "address",
    cause: /^r2:eth0 has no link-local address$/,
  },
  {
    what: "an address that somebody else has",
    facts: atFar(({ machine }) => ({
      machine: machine && {
        ...machine,
        interfaces: machine.interfaces.map((each) => ({
          ...each,
          addresses: each.addresses.map(({ address }) => ({ address, tentative: true })),
        })),
      },
    })),
    step: "address",
    cause: /^r2:eth0 cannot use fe80::2/,
  },
  {
    what: "Router Advertisements that are lost",
    plant: (lab) => {
      lab.wire("r1", "eth0").setRunning(false);
      lab.wire("r1", "eth0").setSilent(true);
      lab.wire("r1", "eth0").setRunning(true);
    },
    step: "discovery",
    cause: /^r1:eth0 has heard no Router Advertisement of r2:eth0$/,
  },
  {
    what: "a stranger on the link",
    plant: (lab) => lab.wire("r1", "eth0").setSilent(true),
    facts: (facts) => ({ ...facts, near: hears(facts.near, "fe80::66"), far: hears(facts.far, "fe80::66") }),
    step: "discovery",
    cause: /^r1:eth0 hears fe80::66, which is no address of r2:eth0 \(fe80::2\)$/,
  },
  {
    what: "both ends passive",
    text: link("r1: { passive: true }, r2: { passive: true }"),
    step: "tcp",
    cause: /both passive/,
  },
  {
    what: "a key on one side",
    text: link("r1: { md5: secret }"),
    step: "tcp",
    cause: /^r1:eth0 has a TCP-MD5 key and r2:eth0 has none: r1 has dropped \d+ segments/,
  },
  {
    what: "two keys",
    text: link("r1: { md5: one }, r2: { md5: two }"),
    step: "tcp",
    cause: /^r1:eth0 and r2:eth0 have different TCP-MD5 keys: r\d has dropped/,
  },
  {
    what: "a hop limit that is too small",
    text: link("r1: { gtsm: true }"),
    plant: (lab) => lab.wire("r1", "eth0").setSilent(true),
    facts: ({ near, ...rest }) => ({
      ...rest,
      near: { ...near, machine: near.machine && { ...near.machine, drops: { md5: 0, hopLimit: 3 } } },
    }),
    step: "tcp",
    cause:
      /^r1:eth0 wants a hop limit of 255 \(gtsm\), and r2:eth0 sends with a smaller one: r1 has dropped 3 segments$/,
  },
  {
    what: "a port that rejects",
    text: link("r2: { passive: true }"),
    plant: (lab) => {
      lab.host("r2").listen(179, (transport) => transport.close());
      lab.host("r2").accept = (transport) => transport.connection.reset();
      lab.router("r1").execute({ type: "reset", router: "r1", session: "eth0", communication: "" });
      lab.host("r2").crash();
    },
    step: "tcp",
    cause: /^r1:eth0 is refused by r2: nothing listens on port 179 there$/,
  },
  {
    what: "a port that is filtered",
    plant: (lab) => lab.wire("r1", "eth0").setSilent(true),
    step: "tcp",
    cause: /^r1:eth0 gets no answer of r2 to its connection, though a speaker listens on port 179 there$/,
  },
  {
    what: "a full table of neighbors",
    plant: (lab) => lab.wire("r1", "eth0").setSilent(true),
    facts: ({ near, ...rest }) => {
      const neighborTable = { entries: 1031, limit: 1024, refused: 17 };
      return { ...rest, near: { ...near, machine: near.machine && { ...near.machine, neighborTable } } };
    },
    step: "tcp",
    cause:
      /^r1:eth0 gets no answer of r2 to its connection, and the kernel's table of IPv6 neighbors has 1031 entries/,
  },
  {
    what: "a port that is filtered, though another session of the router has a wrong key",
    plant: (lab) => lab.wire("r1", "eth0").setSilent(true),
    facts: ({ near, ...rest }) => ({
      ...rest,
      near: { ...near, machine: near.machine && { ...near.machine, drops: { md5: 9, hopLimit: 9 } } },
    }),
    step: "tcp",
    cause: /^r1:eth0 gets no answer of r2 to its connection/,
  },
  {
    what: "a key that somebody has changed",
    text: link("r1: { md5: one }, r2: { md5: one }"),
    plant: (lab) => void reconfigureSession(lab.router("r2"), "eth0", { md5Key: "two" }),
    step: "tcp",
    cause: /^the TCP-MD5 keys in use are not the same any more: r\d has dropped \d+ segments/,
  },
  {
    what: "a wrong AS number",
    change: { remoteAs: 65000 as SessionConfig["remoteAs"] },
    step: "open",
    cause: /^r2:eth0 refuses the AS number of r1:eth0: peer is AS 64512, expected 65000$/,
  },
  {
    what: "one router id twice in an AS",
    text: pair("links: [r1 -- r2]").replace("r2:", "r2: { asn: 64512 }"),
    router: { routerId: "0.0.0.1" as RouterId },
    step: "open",
    cause: /^r1:eth0 refuses the router id of r2:eth0: peer has our own identifier 0\.0\.0\.1/,
  },
  {
    what: "another router id than was wanted",
    text: link("r1: { remote-id: 9.9.9.9 }"),
    step: "open",
    cause: /^r1:eth0 refuses the router id of r2:eth0: peer has identifier 0\.0\.0\.2, expected 9\.9\.9\.9$/,
  },
  {
    what: "no family in common",
    change: { families: [4] },
    text: link("r1: { families: [ipv6-unicast] }, r2: { families: [ipv4-unicast, ipv6-unicast] }"),
    step: "open",
    cause: /refuses the capabilities of .*: no address family in common$/,
  },
  {
    what: "roles that do not go together",
    text: link("r1: { role: provider }, r2: { role: peer }"),
    step: "open",
    cause: /^r\d:eth0 refuses the role of r\d:eth0: peer is a (provider|peer), and we are a (provider|peer)$/,
  },
  {
    what: "a strict role without any",
    text: link("r1: { role: provider, strict-role: true }"),
    step: "open",
    cause: /^r1:eth0 refuses the role of r2:eth0: peer does not tell its role$/,
  },
  {
    what: "a link that swallows all for a hold time",
    text: link("r1: { timers: { hold: 3 } }"),
    plant: (lab) => {
      lab.wire("r1", "eth0").setSilent(true);
      lab.clock.advance(3_100);
    },
    ask: "at once",
    step: "timers",
    cause: /^the hold timer expired: r1:eth0 heard nothing of r2:eth0 in time$/,
  },
  {
    what: "more prefixes than the limit",
    text: link("r2: { prefix-limit: 1 }"),
    step: "session",
    cause: /^r1:eth0 told r2:eth0 more prefixes than its prefix-limit of 1$/,
  },
  {
    what: "a session that was removed",
    plant: (lab) => void removeSession(lab.router("r2"), "eth0"),
    step: "speaker",
    cause: /^r2 has no session on eth0$/,
  },
];

function atFar(change: (end: EndFacts) => Partial<EndFacts>): (facts: SessionFacts) => SessionFacts {
  return ({ far, ...rest }) => ({ ...rest, far: { ...far, ...change(far) } });
}

function hears(end: EndFacts, address: string): EndFacts {
  return end.status ? { ...end, status: { ...end.status, neighbors: [address as Address] } } : end;
}

function takeDown(lab: PlannedLab, router: string): void {
  const wire = lab.wire(router, "eth0");
  const end = wire.ends.find(({ host }) => host.name === router);
  if (end) wire.takeDown(end);
}

/** The plan with other fields in r2 and its session. */
function changed(plan: Plan, change: Partial<SessionConfig>, router: Partial<RouterConfig>): Plan {
  const nodes = plan.nodes.map((node) => {
    if (node.name !== "r2") return node;
    const sessions = node.router.sessions.map((session) => ({ ...session, ...change }));
    return { ...node, router: { ...node.router, ...router, sessions } };
  });
  return { ...plan, nodes };
}

for (const {
  what,
  text = pair(),
  change = {},
  router = {},
  plant,
  facts: amend,
  ask,
  step,
  cause,
} of planted) {
  t.test(`a session's cause is named: ${what}`, async (t) => {
    const lab = new PlannedLab(changed(planOf(text), change, router));
    lab.start();
    lab.clock.advance(10_000);
    plant?.(lab);
    if (ask !== "at once") lab.clock.advance(20_000);
    const facts = sessionFacts(lab, "r1", "eth0");
    const explanation = whySession(amend ? amend(facts) : facts);
    t.match(explanation.cause, { step, state: "broken", text: cause }, JSON.stringify(explanation, null, 1));
  });
}

t.test("a session that is up is explained without a cause", async (t) => {
  const lab = new PlannedLab(planOf(pair()));
  lab.start();
  lab.clock.advance(10_000);
  const explanation = whySession(sessionFacts(lab, "r1", "eth0"));
  t.match(explanation, { subject: "r1:eth0 with r2:eth0", state: "is Established", cause: null });
  t.ok(explanation.findings.every(({ state }) => state === "ok"));
  t.strictSame(
    explanation.findings.map(({ step }) => step),
    [
      "router",
      "interface",
      "speaker",
      "up",
      "carrier",
      "blackhole",
      "address",
      "discovery",
      "tcp",
      "open",
      "timers",
      "session",
    ],
  );
});
