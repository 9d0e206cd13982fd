import { formatEndpoint } from "../net/endpoint.ts";
import { formatSessionEnd, sessionName } from "../net/session-name.ts";
import type {
  ExpectedRoute,
  HostPlan,
  LinkEndPlan,
  LinkPlan,
  NodePlan,
  Plan,
  SegmentPlan,
} from "../plan/plan.ts";
import { sessionPeers } from "../plan/session-peers.ts";
import { count } from "./count.ts";
import type { PlanDescription, ProcessDescription } from "./plan-description.ts";
import { ruleText } from "./rule-text.ts";
import { routerSettings, sessionSettings } from "./settings.ts";
import { type Limit, table } from "./table.ts";

/** A plan for people: each thing that will be made, and each that is expected then, with the sizes as the last line. */
export function planTables(plan: PlanDescription, limit: Limit): string[] {
  const { nodes, hosts, links, segments, expectation, processes } = plan;
  return [
    ...routerTable(nodes, limit),
    "",
    ...(hosts.length === 0 ? [] : [...hostTable(hosts, limit), ""]),
    ...interfaceTable({ links, segments }, limit),
    "",
    ...(segments.length === 0 ? [] : [...bridgeTable(segments, limit), ""]),
    ...sessionTable(plan, limit),
    "",
    ...policyTable(nodes, limit),
    ...routeTable(expectation.routes, limit),
    "",
    ...processLines(processes, limit),
    "",
    sizes(plan),
  ];
}

function routerTable(nodes: readonly NodePlan[], limit: Limit): string[] {
  const head = ["ROUTER", "KIND", "ASN", "ROUTER ID", "NETNS", "ADDRESSES", "SETTINGS"];
  const rows = nodes.map(({ name, kind, netns, loopback, router }) => [
    name,
    kind,
    String(router.asn),
    router.routerId,
    netns,
    loopback.join(" ") || "-",
    routerSettings(router).join(", ") || "-",
  ]);
  return table(head, rows, { ...limit, noun: "router" });
}

function hostTable(hosts: readonly HostPlan[], limit: Limit): string[] {
  const head = ["HOST", "NETNS", "GATEWAY", "IFNAME"];
  const rows = hosts.map(({ name, netns, gateway, ifname }) => [name, netns, gateway, ifname]);
  return table(head, rows, { ...limit, noun: "host" });
}

/** Both ends of each link, and all of each shared one. */
function interfaceTable({ links, segments }: Pick<Plan, "links" | "segments">, limit: Limit): string[] {
  const head = ["INTERFACE", "IFINDEX", "MAC", "ADDRESSES", "MTU", "PEER", "CONDITIONS"];
  const row = (near: LinkEndPlan, { mtu, conditions, peer }: Medium) => [
    formatEndpoint(near),
    String(near.ifindex ?? "-"),
    near.mac,
    addressesOf(near),
    String(mtu),
    peer,
    conditions === undefined ? "-" : conditionsText(conditions),
  ];
  const rows = [
    ...links.flatMap(({ ends: [a, b], ...medium }) => [
      row(a, { ...medium, peer: formatEndpoint(b) }),
      row(b, { ...medium, peer: formatEndpoint(a) }),
    ]),
    ...segments.flatMap(({ ends, ...medium }) =>
      ends.map((end) => row(end, { ...medium, peer: end.port.ifname })),
    ),
  ];
  return table(head, rows, { ...limit, noun: "interface" });
}

/** What an interface is plugged into. */
interface Medium extends Pick<LinkPlan, "mtu" | "conditions"> {
  readonly peer: string;
}

function bridgeTable(segments: readonly SegmentPlan[], limit: Limit): string[] {
  const rows = segments.map(({ bridge, netns, ends }) => [
    bridge,
    netns,
    ends.map(({ router }) => router).join(", "),
  ]);
  return table(["BRIDGE", "NETNS", "ROUTERS"], rows, { ...limit, noun: "bridge" });
}

function addressesOf({ linkLocal, addresses = [] }: LinkEndPlan): string {
  return [linkLocal, ...addresses.map(({ address, length }) => `${address}/${length}`)].join(" ");
}

export function conditionsText({ rate, delay, jitter, loss }: NonNullable<LinkPlan["conditions"]>): string {
  const parts = [
    rate === null ? "" : `${rate} bit/s`,
    delay === 0 ? "" : `${delay} µs late`,
    jitter === 0 ? "" : `±${jitter} µs`,
    loss === 0 ? "" : `${loss * 100}% lost`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** All, whether or not they must come up. */
function sessionTable(plan: Plan, limit: Limit): string[] {
  const peers = sessionPeers(plan);
  const head = ["SESSION", "PEER", "REMOTE AS", "SETTINGS"];
  const rows = plan.nodes.flatMap(({ name, router }) =>
    router.sessions.map((session) => {
      const end = formatSessionEnd({ router: name, session: sessionName(session) });
      const peer = peers.get(end);
      const settings = sessionSettings(session).join(", ");
      return [end, peer ? formatEndpoint(peer) : "-", String(session.remoteAs), settings || "-"];
    }),
  );
  return table(head, rows, { ...limit, noun: "session" });
}

/** The rules of each policy that a router has any use for; no table without any. */
function policyTable(nodes: readonly NodePlan[], limit: Limit): string[] {
  const rows = nodes.flatMap(({ name, router }) =>
    Object.entries(router.policies).flatMap(([policy, rules]) =>
      rules.map((rule, index) => [name, policy, String(index + 1), ...ruleText(rule)]),
    ),
  );
  if (rows.length === 0) return [];
  const head = ["ROUTER", "POLICY", "RULE", "MATCH", "SET", "THEN"];
  return [...table(head, rows, { ...limit, noun: "rule" }), ""];
}

function routeTable(routes: readonly ExpectedRoute[], limit: Limit): string[] {
  const rows = routes.map(({ router, prefix, via, also = [], drops = false }) => [
    router,
    prefix,
    `${via === null ? "-" : [via, ...also].join(", ")}${drops ? " (dropped)" : ""}`,
  ]);
  return table(["ROUTER", "PREFIX", "VIA"], rows, { ...limit, noun: "route" });
}

/** What is written and started, in the order of the work. */
function processLines(processes: readonly ProcessDescription[], { rows }: Limit): string[] {
  const lines = processes.flatMap(({ name, command, files, place, routers, input, log }) => [
    ...files.map(({ path }) => `write ${path}`),
    `start ${name} for ${count(routers.length, "router")}${place.type === "machine" ? "" : ` in ${place.name}`}: ${command.join(" ")}`,
    ...(input === undefined ? [] : [`feed ${name} its configuration`]),
    `log ${name} to ${log}`,
  ]);
  const left = lines.length - (rows ?? lines.length);
  return left > 0 ? [...lines.slice(0, rows), `... and ${count(left, "more line")}`] : lines;
}

function sizes({ lab, nodes, hosts, links, segments, processes, expectation }: PlanDescription): string {
  const made = [
    count(nodes.length, "router"),
    ...(hosts.length === 0 ? [] : [count(hosts.length, "host")]),
    count(links.length + segments.length, "link"),
    count(processes.length, "daemon"),
  ].join(", ");
  const { sessions, routes, withinMs, settleMs } = expectation;
  const proven = `${count(sessions.length, "session")} and ${count(routes.length, "route")}`;
  return `${lab}: ${made}; ${proven} are expected within ${withinMs} ms, and to stay for ${settleMs} ms`;
}
