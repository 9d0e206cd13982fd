import type { RouteStatus } from "../../bgp/control/status.ts";
import type { Family } from "../../net/address.ts";
import { disproved } from "../limits.ts";
import type { Meeting } from "../meeting.ts";
import { type End, otherEnd } from "../pair.ts";
import { Unproven } from "../patience.ts";
import { asnOf, prefixesOf } from "../topologies.ts";

const ends = ["a", "b"] as const;

/** Both have the session up, over the link-local addresses that they have found or taken. */
export async function session(meeting: Meeting): Promise<void> {
  await meeting.until("the session", () => meeting.notUp());
  const { peerAddress } = await meeting.session("a");
  if (peerAddress !== null && !peerAddress.startsWith("fe80:")) {
    throw new Unproven(`the session is with ${peerAddress}`);
  }
  for (const end of ends) {
    const open = meeting.wire.open(end);
    const [known] = open === undefined ? [] : disproved(meeting.pair[end], open);
    if (known) throw new Unproven(`${meeting.pair[end]} was known to lack ${known}, and has it`);
  }
}

/** What follows needs the session. */
export async function isUp(meeting: Meeting): Promise<void> {
  await meeting.until("the session", () => meeting.notUpAt("a"), restMs);
}

/** After a NOTIFICATION OpenBGPD rests for half a minute, and takes no connection then; GoBGP dials every ten seconds at worst. */
export const restMs = 60_000;

/** Both announce the capability of RFC 8950, and have each other's IPv4 prefix by a link-local next hop. */
export async function ipv4(meeting: Meeting): Promise<void> {
  await isUp(meeting);
  for (const end of ends) {
    const capabilities = meeting.wire.open(end)?.capabilities ?? [];
    const told = capabilities.some(
      (each) =>
        each.type === "extendedNextHop" &&
        each.entries.some(({ afi, nextHopAfi }) => afi === 1 && nextHopAfi === 2),
    );
    if (!told) throw new Unproven(`the OPEN of ${meeting.pair[end]} has no extended next hop`);
  }
  await bothReach(meeting, 4);
}

/** Both have each other's IPv6 prefix by a link-local next hop. */
export async function ipv6(meeting: Meeting): Promise<void> {
  await isUp(meeting);
  await bothReach(meeting, 6);
}

async function bothReach(meeting: Meeting, family: Family): Promise<void> {
  for (const end of ends) {
    await meeting.until(`the IPv${family} route of ${meeting.pair[end]}`, async () => {
      const route = await ownRoute(meeting, end, family);
      if (route === undefined) return "there is none";
      if (!route.nextHop?.startsWith("fe80:")) return `its next hop is ${route.nextHop}`;
      return ["installed", "none"].includes(route.kernel) ? undefined : `the kernel: ${route.kernel}`;
    });
  }
}

/** What one end makes of the prefix of the other itself. */
async function ownRoute(meeting: Meeting, end: End, family: Family): Promise<RouteStatus | undefined> {
  const wanted = prefixesOf(otherEnd[end]).own.find((prefix) => prefix.includes(":") === (family === 6));
  const { routes } = await meeting.status(end);
  return routes.find(({ router, prefix }) => router === meeting.router(end) && prefix === wanted);
}

/** The AS number of a speaker of four octets where there are two alone (RFC 6793 §9). */
const AS_TRANS = 23456;

/**
 * Both tell their AS number of four octets in the capability, and each has it in the path of what the other tells. Neither hides
 * one behind AS_TRANS in an AS_PATH.
 */
export async function fourOctetAs(meeting: Meeting): Promise<void> {
  await isUp(meeting);
  for (const end of ends) {
    const other = otherEnd[end];
    const told = meeting.wire.open(other)?.asn;
    if (told !== asnOf[other]) throw new Unproven(`the OPEN of ${meeting.pair[other]} has AS ${told}`);
    await meeting.until(`the AS path at ${meeting.pair[end]}`, async () => {
      const path = (await ownRoute(meeting, end, 6))?.asPath;
      return path === `${asnOf[other]}` ? undefined : `it is ${path ?? "not there"}`;
    });
    const told6 = meeting.wire.heard.filter(({ from, update }) => from === other && update?.announced.length);
    if (told6.some(({ update }) => update?.asns[0] !== asnOf[other] || update.asns.includes(AS_TRANS))) {
      throw new Unproven(`an AS_PATH of ${meeting.pair[other]} has not its AS of four octets`);
    }
  }
}
