import { readFileSync, writeFileSync } from "node:fs";
import t from "tap";
import type { Address } from "../../src/net/address.ts";
import { asn } from "../../src/net/asn.ts";
import type { SessionDetailReport } from "../../src/report/lab-report.ts";
import { sessionLines } from "../../src/report/session-lines.ts";
import { seedSession } from "../support/session-detail.ts";

const session = seedSession();

/** What an OPEN says is not this test's affair. */
const established: SessionDetailReport = {
  ...session,
  counters: { ...session.counters, octetsSent: 363, octetsReceived: 275 },
  messages: session.messages.map((record) =>
    record.message === "open" ? { ...record, contents: "Open [ version: 4, … ]" } : record,
  ),
  peerRouter: "r2",
  expectedPeerAsn: asn(64513),
};

t.test("a session for people", async (t) => {
  const text = `${sessionLines(established, { format: "table" }).join("\n")}\n`;
  const path = "test/golden/report/session.txt";
  if (process.env["FE80_GOLDEN"] === "1") writeFileSync(path, text);
  t.equal(text, readFileSync(path, "utf8"));
});

t.test("a session for programs is the whole of it", async (t) => {
  const json = sessionLines(established, { format: "json" }).join("\n");
  t.strictSame(JSON.parse(json), established);
});

t.test("a session that is not up says what it waits for, and leaves out what there is not", async (t) => {
  const waiting: SessionDetailReport = {
    ...established,
    state: "Active",
    since: null,
    peerAsn: null,
    peerRouterId: null,
    peerAddress: null,
    families: [],
    neighbors: ["fe80::8", "fe80::9"] as Address[],
    connections: [],
    transitions: [],
    messages: [],
    waitingFor: "the connect retry timer (0.4 s left)",
  };
  const lines = sessionLines(waiting, { format: "table" });
  t.strictSame(lines.slice(0, 6), [
    "r1:eth1 is Active",
    "  Peer         r2, expected to be AS 64513",
    "  Addresses    fe80::1 to -",
    "  Heard        fe80::8, fe80::9; the first one is dialed",
    "  Established  1 time",
    "  Waiting for  the connect retry timer (0.4 s left)",
  ]);
  t.notMatch(lines.join("\n"), /CONNECTION|FROM/);
  const strange = sessionLines({ ...waiting, peerRouter: null, expectedPeerAsn: null }, { format: "table" });
  t.equal(strange[1], "  Peer         unknown");
});

t.test("people see the last twenty of a history", async (t) => {
  const [message] = established.messages;
  const messages = message ? Array.from({ length: 50 }, () => message) : [];
  const lines = sessionLines({ ...established, messages }, { format: "table" });
  t.equal(lines.at(-1), "... after 30 earlier ones, which -f json tells");
});
