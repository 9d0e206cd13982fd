import { BgpListener, type OverheardMessage } from "../capture/bgp-listener.ts";
import { type Endpoint, formatEndpoint } from "../net/endpoint.ts";
import type { LinkPlan } from "../plan/plan.ts";
import type { Frame, InterfaceTarget } from "../runtime/runtime.ts";
import type { Environment } from "./environment.ts";
import { LabIncompleteError } from "./errors.ts";
import { readRecord } from "./lab-directory.ts";
import { runningInterface, runningLab, runningRouter } from "./names.ts";
import { listen } from "./tap.ts";

/** A BGP message between two routers of a lab. */
export interface CapturedMessage {
  /** Milliseconds since 1970-01-01 UTC. */
  readonly time: number;
  /** `router:ifname`, or an address where nobody knows whose it is. */
  readonly from: string;
  readonly to: string;
  /** Tells two connections between the same routers apart. */
  readonly port: number;
  readonly text: string;
}

/**
 * Tells of each BGP message on links of a lab, until Ctrl-C or until the lab is gone.
 *
 * @param target `where` is `router:ifname`, a router for all its links, or undefined for all links of the lab
 * @throws {LabIncompleteError} if all links are meant, and nobody knows which; the signal's reason unless that is Ctrl-C
 */
export async function captureBgp(
  target: { lab: string; where: string | undefined },
  { onMessage, signal }: { onMessage: (message: CapturedMessage) => void; signal: AbortSignal },
  environment: Environment,
): Promise<void> {
  const { clock } = environment;
  const { name: lab } = await runningLab(target.lab, environment);
  const links = await linksOf({ lab, where: target.where }, environment);
  const targets = await interfacesOf({ lab, where: target.where, links }, environment);
  const listeners = new Map(targets.map((each) => [formatEndpoint(each), new BgpListener()]));
  const onFrame = (frame: Frame) => {
    const time = clock.wallTime();
    const own = formatEndpoint(frame.target);
    const overheard = listeners.get(own)?.push(frame.octets) ?? [];
    for (const message of overheard) onMessage({ time, ...name(message, frame, links) });
  };
  await listen(targets, { onFrame, signal }, environment);
}

/** Those of the plan. If its record is lost, and it is known where to listen, that only costs names. */
async function linksOf(
  { lab, where }: { lab: string; where: string | undefined },
  environment: Environment,
): Promise<readonly LinkPlan[]> {
  try {
    return (await readRecord(lab, environment)).plan.links;
  } catch (error) {
    if (where === undefined || !(error instanceof LabIncompleteError)) throw error;
    return [];
  }
}

async function interfacesOf(
  { lab, where, links }: { lab: string; where: string | undefined; links: readonly LinkPlan[] },
  environment: Environment,
): Promise<readonly InterfaceTarget[]> {
  // Each message once: both ends of a link see it.
  if (where === undefined) return links.map(({ ends: [{ router, ifname }] }) => ({ lab, router, ifname }));
  if (where.includes(":")) return [await runningInterface({ lab, endpoint: where }, environment)];
  const target = await runningRouter({ lab, router: where }, environment);
  const ifnames = await environment.runtime.interfaces(target);
  return ifnames.map((ifname) => ({ ...target, ifname }));
}

function name(
  { port, from, to, text }: OverheardMessage,
  { target, sent }: Frame,
  links: readonly LinkPlan[],
) {
  const own = formatEndpoint(target);
  const peer = peerOf(target, links);
  const ends = sent ? { from: own, to: peer ?? to.address } : { from: peer ?? from.address, to: own };
  return { ...ends, port, text };
}

function peerOf(own: Endpoint, links: readonly LinkPlan[]): string | undefined {
  const isOwn = ({ router, ifname }: Endpoint) => router === own.router && ifname === own.ifname;
  const link = links.find(({ ends }) => ends.some(isOwn));
  const peer = link?.ends.find((end) => !isOwn(end));
  return peer && formatEndpoint(peer);
}
