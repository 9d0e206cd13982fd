import { type Address, familyOf, parseAddress } from "../../net/address.ts";
import type { Check, Plan } from "../../plan/plan.ts";

/** An echo request to be sent. */
export interface Ping {
  /** Of the one who asks, so that the answer finds its way back. */
  readonly source: Address;
  readonly target: Address;
}

type PingCheck = Extract<Check, { type: "ping" }>;

/** The requests that a check comes to, one for each family that both ends have; none if they have none in common. */
export function pingsOf(plan: Plan, { router, to }: Pick<PingCheck, "router" | "to">): Ping[] {
  const address = parseAddress(to);
  const targets = address === undefined ? addressesOf(plan, to) : [address];
  const sources = addressesOf(plan, router);
  return ([4, 6] as const).flatMap((family): Ping[] => {
    const [source, target] = [sources, targets].map((all) => all.find((each) => familyOf(each) === family));
    return source !== undefined && target !== undefined ? [{ source, target }] : [];
  });
}

/** The router or host that answers at an address; undefined if nobody of the lab does. */
export function ownerOf(plan: Plan, address: Address): string | undefined {
  return [...plan.nodes, ...plan.hosts].find(({ name }) => addressesOf(plan, name).includes(address))?.name;
}

/** Where a router or host answers, its link-local addresses aside. */
function addressesOf({ nodes, links }: Plan, name: string): Address[] {
  const ends = links.flatMap((link) => link.ends).filter(({ router }) => router === name);
  const onLinks = ends.flatMap(({ addresses = [] }) => addresses.map(({ address }) => address));
  return [...(nodes.find((node) => node.name === name)?.loopback ?? []), ...onLinks];
}

/** What is not as a check wants it, as a sentence, once its requests have been answered or not. */
export function pingMismatch(
  { router, to, reaches }: PingCheck,
  tried: readonly (Ping & { readonly answered: boolean })[],
): string | undefined {
  if (tried.length === 0) return `${router} and ${to} have no addresses of one family: nothing can be tried`;
  const wrong = tried.find(({ answered }) => answered !== reaches);
  if (!wrong) return undefined;
  const path = `${wrong.source} to ${wrong.target}`;
  return reaches
    ? `${router} does not reach ${to}: no answer to what it sends from ${path}`
    : `${router} reaches ${to}, from ${path}, and must not`;
}
