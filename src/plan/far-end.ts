import { type Endpoint, formatEndpoint } from "../net/endpoint.ts";
import type { Plan, SegmentPlan } from "./plan.ts";

/** The port of a shared link's bridge that an end is plugged into. */
export function portName({ bridge }: Pick<SegmentPlan, "bridge">, index: number): string {
  return `${bridge}-${index}`;
}

/**
 * Where packets arrive that an interface sends: the other end of its link, or its port at the bridge of a shared one, which is in
 * the member `_lan` of the lab; undefined for an interface that is not the plan's.
 */
export function farEnd({ links, segments }: Plan, end: Endpoint): Endpoint | undefined {
  const isEnd = (other: Endpoint) => formatEndpoint(other) === formatEndpoint(end);
  for (const { ends } of links) {
    if (ends.some(isEnd)) return ends.find((other) => !isEnd(other));
  }
  for (const segment of segments) {
    const index = segment.ends.findIndex(isEnd);
    if (index >= 0) return { router: bridgesMember, ifname: portName(segment, index) };
  }
  return undefined;
}

/** The member of a lab that has its bridges, of which none has a router's name. */
export const bridgesMember = "_lan";
