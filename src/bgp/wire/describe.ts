import { routerIdToNumber } from "../../net/address.ts";
import { unreachable } from "../../std/errors.ts";
import { describeAttributes } from "./attribute-text.ts";
import {
  type Capability,
  type GracefulRestart,
  type Message,
  type NextHop,
  type Nlri,
  type Notification,
  type Open,
  type RouteRefresh,
  roleNames,
  type Update,
} from "./message.ts";
import { countOf, firstPrefixes } from "./nlri.ts";
import { describeNotification, insideHardReset } from "./notification.ts";
import { shutdownCommunication } from "./shutdown-communication.ts";

/** The message's type as it stands in logs. */
export function messageName({ type }: Pick<Message, "type">): string {
  return type === "routeRefresh" ? "route refresh" : type;
}

/** The message on one line, for logs; long lists and data are cut. */
export function describeMessage(message: Message): string {
  switch (message.type) {
    case "open":
      return describeOpen(message);
    case "update":
      return describeUpdate(message);
    case "notification":
      return `Notification [ ${[...notificationFields(message)].join(", ")} ]`;
    case "keepalive":
      return "Keepalive";
    case "routeRefresh":
      return describeRouteRefresh(message);
    default:
      return unreachable(message);
  }
}

const MAX_ITEMS = 8;
const MAX_OCTETS = 32;

function describeOpen({ asn, holdTime, routerId, capabilities }: Open): string {
  const list = capabilities.map((capability) => `${describeCapability(capability)}, `).join("");
  const id = routerIdToNumber(routerId);
  return `Open [ version: 4, asn: ${asn}, hold_time: ${holdTime}, id: ${id}, parameters: [ Capabilities [ ${list}]] ]`;
}

function describeCapability(capability: Capability): string {
  switch (capability.type) {
    case "multiprotocol":
      return `MP-Extensions ${capability.afi}/${capability.safi}`;
    case "routeRefresh":
      return "Route Refresh";
    case "extendedNextHop": {
      const entries = capability.entries.map((e) => ` safi=${e.safi}/afi=${e.afi}/nh_afi=${e.nextHopAfi}`);
      return `Extended Next Hop Encoding${entries.join("")}`;
    }
    case "extendedMessage":
      return "Extended Message";
    case "role":
      return `Role ${roleNames[capability.role] ?? capability.role}`;
    case "enhancedRouteRefresh":
      return "Enhanced Route Refresh";
    case "fqdn":
      return `FQDN ${JSON.stringify([capability.hostname, capability.domain].filter(Boolean).join("."))}`;
    case "fourOctetAsn":
      return `Four Octet ASN ${capability.asn}`;
    case "gracefulRestart":
      return describeGracefulRestart(capability);
    case "addPath": {
      const entries = capability.entries.map((e) => ` ${e.afi}/${e.safi}=${addPathModes[e.mode] ?? e.mode}`);
      return `ADD-PATH${entries.join("")}`;
    }
    case "unknown":
      return `Capability ${capability.code} ${hex(capability.value)}`.trimEnd();
    default:
      return unreachable(capability);
  }
}

const addPathModes: readonly (string | undefined)[] = [undefined, "receive", "send", "both"];

function describeGracefulRestart({
  restarting,
  notification,
  restartTime,
  families,
}: GracefulRestart): string {
  const flags = `${restarting ? " restarting" : ""}${notification ? " notification" : ""}`;
  const list = families.map(
    ({ afi, safi, forwarding }) => ` ${afi}/${safi}${forwarding ? "=forwarding" : ""}`,
  );
  return `Graceful Restart ${restartTime} s${flags}${list.join("")}`;
}

function describeUpdate({ withdrawn, announced, attributes, endOfRib, errors }: Update): string {
  const fields: string[] = [];
  if (endOfRib !== undefined) fields.push(`end_of_rib: ipv${endOfRib}`);
  if (withdrawn.length > 0) fields.push(`withdrawn: ${listPrefixes(withdrawn)}`);
  for (const { nlri, nextHop } of announced) {
    fields.push(`announced: ${listPrefixes([nlri])}, next_hop: ${describeNextHop(nextHop)}`);
  }
  if (attributes) fields.push(...describeAttributes(attributes));
  if (errors.length > 0) fields.push(`errors: ${list(errors.map(({ message }) => message))}`);
  return fields.length > 0 ? `Update [ ${fields.join(", ")} ]` : "Update [ ]";
}

function describeNextHop({ global, linkLocal }: NextHop): string {
  return [global, linkLocal].filter((address) => address !== undefined).join("+");
}

function* notificationFields(notification: Notification): Generator<string> {
  yield describeNotification(notification.code, notification.subcode);
  const inner = insideHardReset(notification);
  if (inner !== undefined) {
    yield* notificationFields(inner);
    return;
  }
  const communication = shutdownCommunication(notification);
  if (communication !== undefined) yield `communication: ${JSON.stringify(communication)}`;
  else if (notification.data.length > 0) yield `data: ${hex(notification.data)}`;
}

function describeRouteRefresh({ afi, safi, subtype }: RouteRefresh): string {
  return `Route Refresh [ afi: ${afi}, safi: ${safi}, subtype: ${subtype} ]`;
}

function list(items: readonly string[], count = items.length): string {
  const rest = count - MAX_ITEMS;
  const shown = items.slice(0, MAX_ITEMS).join(", ");
  return rest > 0 ? `[ ${shown}, and ${rest} more ]` : `[ ${shown} ]`;
}

/** With a path identifier, as `10.0.0.0/8 path 3`. */
function listPrefixes(nlri: readonly Nlri[]): string {
  const shown = nlri.flatMap((one) =>
    firstPrefixes(one, MAX_ITEMS).map(({ prefix, pathId }) =>
      one.addPath ? `${prefix} path ${pathId}` : prefix,
    ),
  );
  const count = nlri.reduce((sum, one) => sum + countOf(one), 0);
  return list(shown, count);
}

function hex(octets: Uint8Array): string {
  const shown = Array.from(octets.subarray(0, MAX_OCTETS), (octet) => octet.toString(16).padStart(2, "0"));
  return octets.length > MAX_OCTETS ? `${shown.join("")}…` : shown.join("");
}
