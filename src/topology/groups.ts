import { quote } from "../bgp/config/message.ts";
import type { Draft } from "./draft.ts";
import { guesser } from "./guess.ts";
import { isMultiple, type RouterNames } from "./router-names.ts";
import type { DefaultsText } from "./router-text.ts";
import type { Mistake } from "./source.ts";
import { locate, type Path, type Tree } from "./tree.ts";

/** Something said of a router, and where. */
export interface Layer {
  readonly body: DefaultsText;
  readonly path: Path;
}

/** So many memberships all groups may have in all. */
const maxMemberships = 500_000;

/** The groups that each router is in, in the order of the file: what a later one says goes over the earlier. */
export function groupsByRouter({ groups, routers }: Draft, names: RouterNames): Map<string, Layer[]> {
  const found = new Map<string, Layer[]>(Array.from(routers.keys(), (name) => [name, []]));
  let memberships = 0;
  for (const [name, body] of groups) {
    if (body === undefined) continue;
    const layer = { body, path: ["groups", name] };
    const members = new Set(body.routers.flatMap((member) => names.select(member).names));
    memberships += members.size;
    if (memberships > maxMemberships) break;
    for (const router of members) found.get(router)?.push(layer);
  }
  return found;
}

/** Every member of a group is a router, and every pattern stands for one at least. */
export function checkGroups(tree: Tree, { groups, routers }: Draft, names: RouterNames): Mistake[] {
  const guess = guesser(routers);
  let memberships = 0;
  const mistakes = Array.from(groups, ([name, body]) =>
    (body?.routers ?? []).flatMap((member, index): Mistake[] => {
      const { names: found, missing } = names.select(member);
      memberships += found.length;
      if (missing === undefined || names.exhausted) return [];
      return [{ span: locate(tree, ["groups", name, "routers", index]), ...nobody(missing, guess) }];
    }),
  ).flat();
  if (memberships <= maxMemberships) return mistakes;
  const message = "the groups have too many members in all";
  return [{ span: locate(tree, ["groups"]), message, hint: `at most ${maxMemberships}` }, ...mistakes];
}

/** What is wrong with a name or a pattern that stands for no router. */
export function nobody(missing: string, guess: (name: string) => string): { message: string; hint: string } {
  const message = isMultiple(missing)
    ? `${quote(missing)} stands for no router`
    : `no router is called ${quote(missing)}`;
  return { message, hint: guess(missing.replaceAll("*", "")) };
}
