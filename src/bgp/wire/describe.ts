import { routerIdToNumber } from "../../net/address.ts";
import { unreachable } from "../../std/errors.ts";
import { formatAsPath } from "./as-path.ts";
import {
  type Capability,
  type Message,
  type NextHop,
  type Notification,
  type Open,
  type RouteRefresh,
  roleNames,
  type Update,
} from "./message.ts";
import { describeNotification } from "./notification.ts";
import { shutdownCommunication } from "./shutdown-communication.ts";

/** The message's type as it stands in logs. */
export function messageName({ type }: Message): string {
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
    case "unknown":
      return `Capability ${capability.code} ${hex(capability.value)}`.trimEnd();
    default:
      return unreachable(capability);
  }
}

function describeUpdate({ withdrawn, announced, attributes, endOfRib, errors }: Update): string {
  const fields: string[] = [];
  if (endOfRib !== undefined) fields.push(`end_of_rib: ipv${endOfRib}`);
  if (withdrawn.length > 0) fields.push(`withdrawn: ${list(withdrawn)}`);
  for (const { prefixes, nextHop } of announced) {
    fields.push(`announced: ${list(prefixes)}, next_hop: ${describeNextHop(nextHop)}`);
  }
  if (attributes) fields.push(`origin: ${attributes.origin}, as_path: [${formatAsPath(attributes.asPath)}]`);
  if (errors.length > 0) fields.push(`errors: ${list(errors.map(({ message }) => message))}`);
  return fields.length > 0 ? `Update [ ${fields.join(", ")} ]` : "Update [ ]";
}

function describeNextHop({ global, linkLocal }: NextHop): string {
  return [global, linkLocal].filter((address) => address !== undefined).join("+");
}

function* notificationFields(notification: Notification): Generator<string> {
  yield describeNotification(notification.code, notification.subcode);
  const communication = shutdownCommunication(notification);
  if (communication !== undefined) yield `communication: ${JSON.stringify(communication)}`;
  else if (notification.data.length > 0) yield `data: ${hex(notification.data)}`;
}

function describeRouteRefresh({ afi, safi, subtype }: RouteRefresh): string {
  return `Route Refresh [ afi: ${afi}, safi: ${safi}, subtype: ${subtype} ]`;
}

function list(items: readonly string[]): string {
  const rest = items.length - MAX_ITEMS;
  const shown = items.slice(0, MAX_ITEMS).join(", ");
  return rest > 0 ? `[ ${shown}, and ${rest} more ]` : `[ ${shown} ]`;
}

function hex(octets: Uint8Array): string {
  const shown = Array.from(octets.subarray(0, MAX_OCTETS), (octet) => octet.toString(16).padStart(2, "0"));
  return octets.length > MAX_OCTETS ? `${shown.join("")}…` : shown.join("");
}
