import type { NodePlan } from "../plan/plan.ts";
import { type KindContext, speakerOf } from "./kind.ts";

/**
 * The first three words of a script that begins with {@link startAdvertiser}: our Node.js, our program, and what it advertises.
 *
 * It runs beside daemons that send no Router Advertisements: nobody who has to discover them would find them.
 */
export function advertiserWords(node: NodePlan, context: KindContext): string[] {
  const speaker = speakerOf(node, context);
  const program = speaker.program.replace("fe80-speaker", "fe80-advertiser");
  const interfaces = node.router.sessions.map(({ ifname, routerLifetime }) => `${ifname}=${routerLifetime}`);
  return [speaker.node, program, interfaces.join(" ")];
}

/** Names of interfaces have no blanks, so the last word is split into them. A router without sessions has none. */
export const startAdvertiser = 'if [ "$3" ]; then "$1" "$2" $3 & fi';
