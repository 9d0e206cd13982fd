import { type Endpoint, formatEndpoint } from "../net/endpoint.ts";
import type { Plan } from "./plan.ts";

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
    const found = segment.ends.find(isEnd);
    if (found) return { router: bridgesMember, ifname: found.port.ifname };
  }
  return undefined;
}

/** The member of a lab that has its bridges, of which none has a router's name. */
export const bridgesMember = "_lan";
