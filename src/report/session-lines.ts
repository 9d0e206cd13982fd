import type { SessionCounters, TimerStatus } from "../bgp/control/session-detail.ts";
import { formatSessionEnd } from "../net/session-name.ts";
import { columns } from "./columns.ts";
import { count } from "./count.ts";
import type { SessionDetailReport } from "./lab-report.ts";

/** How many transitions and messages people are shown; JSON has all. */
const shown = 20;

/** All of one session, for people in the manner of `birdc show protocols all`, or for programs. */
export function sessionLines(
  session: SessionDetailReport,
  { format }: { format: "table" | "json" },
): string[] {
  if (format === "json") return [JSON.stringify(session, undefined, 2)];
  const blocks = [
    head(session),
    timers(session),
    counters(session.counters),
    connections(session),
    transitions(session),
    messages(session),
  ];
  return blocks
    .filter((block) => block.length > 0)
    .flatMap((block, index) => (index === 0 ? block : ["", ...block]));
}

function head(session: SessionDetailReport): string[] {
  const { state, since, neighbors, families, lastError, waitingFor } = session;
  const rows: [string, string | null][] = [
    ["Peer", peer(session)],
    ["Addresses", `${session.localAddress ?? "-"} to ${session.peerAddress ?? "-"}`],
    ["Heard", neighbors.length > 1 ? `${neighbors.join(", ")}; the first one is dialed` : neighbors.join()],
    ["Families", families.map((family) => `IPv${family}`).join(", ")],
    ["Established", count(session.establishedCount, "time")],
    ["Waiting for", waitingFor],
    ["Last error", lastError],
  ];
  const filled = rows.filter((row): row is [string, string] => row[1] !== null && row[1] !== "");
  return [
    `${formatSessionEnd(session)} is ${state}${since === null ? "" : ` since ${since}`}`,
    ...columns(filled).map((line) => `  ${line}`),
  ];
}

function peer({ peerRouter, peerAsn, peerRouterId, expectedPeerAsn }: SessionDetailReport): string {
  const name = peerRouter ?? "unknown";
  if (peerAsn === null)
    return expectedPeerAsn === null ? name : `${name}, expected to be AS ${expectedPeerAsn}`;
  return `${name}, AS ${peerAsn}, identifier ${peerRouterId}`;
}

function timers({ timers: all }: SessionDetailReport): string[] {
  const seconds = (value: number | null) => (value === null ? "-" : `${Number(value.toFixed(1))}s`);
  const row = (name: string, { configured, negotiated, remaining }: TimerStatus) => [
    name,
    seconds(configured),
    seconds(negotiated),
    seconds(remaining),
  ];
  return columns([
    ["TIMER", "CONFIGURED", "NEGOTIATED", "LEFT"],
    row("connect retry", all.connectRetry),
    row("idle hold", all.idleHold),
    row("hold", all.hold),
    row("keepalive", all.keepalive),
  ]);
}

function counters(counts: SessionCounters): string[] {
  const events: [string, number][] = [
    ["connections accepted", counts.connectionsAccepted],
    ["connections dialed", counts.connectionsDialed],
    ["connections refused", counts.connectionsRefused],
    ["connections failed", counts.connectionsFailed],
    ["malformed messages", counts.malformedReceived],
    ["hold timer expirations", counts.holdTimerExpirations],
    ["to Established", counts.transitionsToEstablished],
    ["to Idle", counts.transitionsToIdle],
  ];
  return [
    ...table(
      ["MESSAGES", "SENT", "RECEIVED"],
      [
        ["open", counts.opensSent, counts.opensReceived],
        ["update", counts.updatesSent, counts.updatesReceived],
        ["keepalive", counts.keepalivesSent, counts.keepalivesReceived],
        ["notification", counts.notificationsSent, counts.notificationsReceived],
        ["route refresh", counts.routeRefreshesSent, counts.routeRefreshesReceived],
        ["octets", counts.octetsSent, counts.octetsReceived],
      ],
    ),
    "",
    ...table(["EVENTS", "COUNT"], events),
  ];
}

function connections({ connections: open }: SessionDetailReport): string[] {
  if (open.length === 0) return [];
  return table(
    ["CONNECTION", "DIRECTION", "STATE", "LOCAL", "PEER"],
    open.map((connection) => [
      connection.connectionId,
      connection.direction,
      connection.state,
      `[${connection.localAddress ?? "?"}]:${connection.localPort ?? "?"}`,
      `[${connection.peerAddress}]:${connection.peerPort}`,
    ]),
  );
}

function transitions({ transitions: all }: SessionDetailReport): string[] {
  return recent(
    ["TIME", "FROM", "TO", "EVENT"],
    all.map(({ time, from, to, event }) => [time, from, to, event]),
  );
}

function messages({ messages: all }: SessionDetailReport): string[] {
  return recent(
    ["TIME", "CONNECTION", "DIRECTION", "MESSAGE"],
    all.map(({ time, connectionId, direction, contents }) => [time, connectionId, direction, contents]),
  );
}

/** A table of the last rows; how many were before them is told. */
function recent(head: readonly string[], rows: readonly string[][]): string[] {
  if (rows.length === 0) return [];
  const before = rows.length - shown;
  const more = before > 0 ? [`... after ${before} earlier ones, which -f json tells`] : [];
  return [...table(head, rows.slice(-shown)), ...more];
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  return columns([head, ...rows.map((row) => row.map(String))]);
}
