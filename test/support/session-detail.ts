import type { SessionDetail } from "../../src/bgp/control/session-detail.ts";
import { MemoryLab } from "./memory-lab.ts";

/** What a router in memory tells of its session on an interface. @param number counted from 1 */
export function detailOf(lab: MemoryLab, number: number, ifname: string): SessionDetail {
  const detail = lab.member(number).router.session(ifname);
  if (!detail) throw new Error(`r${number} has no session on ${ifname}`);
  return detail;
}

/** The seed's pair in memory, ten seconds old: all of its first session. */
export function seedSession(): SessionDetail {
  const lab = new MemoryLab(2);
  lab.start();
  lab.clock.advance(10_000);
  return detailOf(lab, 1, "eth1");
}
