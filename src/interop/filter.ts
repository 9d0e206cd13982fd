import type { Meeting } from "./meeting.ts";

/** What the kernel of one end may do to segments on the link between the two, by rules of nft(8). */
const rules = {
  /** None of them arrives. */
  silence: { hook: "input", rule: "iifname eth0 meta l4proto tcp drop" },
  /** Those with data do not arrive: connections open, and nobody reads anything. */
  hold: { hook: "input", rule: "iifname eth0 tcp flags & psh == psh drop" },
  /** They arrive as if a router had passed them on. */
  detour: { hook: "output", rule: "oifname eth0 meta l4proto tcp ip6 hoplimit set 254" },
} as const;

const table = "ip6 fe80_interop";

/** Puts one filter in force at both ends, in the place of any other. @throws {Unproven} if the kernel or `nft` refuses */
export async function filterBoth(meeting: Meeting, filter: keyof typeof rules | "none"): Promise<void> {
  const command = ["nft", commands(filter).join("; ")] as const;
  await Promise.all((["a", "b"] as const).map((end) => meeting.runAt(meeting.router(end), command)));
}

/** All of them are one transaction; a table must be there to be deleted. */
function commands(filter: keyof typeof rules | "none"): string[] {
  const none = [`add table ${table}`, `delete table ${table}`];
  if (filter === "none") return none;
  const { hook, rule } = rules[filter];
  const chain = `add chain ${table} segments { type filter hook ${hook} priority 0; }`;
  return [...none, `add table ${table}`, chain, `add rule ${table} segments ${rule}`];
}
