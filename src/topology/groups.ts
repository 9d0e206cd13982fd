import { quote } from "../bgp/config/message.ts";
import type { Draft } from "./draft.ts";
import { guesser } from "./guess.ts";
import type { GroupText } from "./schema.ts";
import type { Mistake } from "./source.ts";
import { locate, type Path, type Tree } from "./tree.ts";

interface Group {
  readonly body: GroupText;
  /** Where it stands. */
  readonly path: Path;
}

/** The groups that each router is in, in the order of the file: what a later one says goes over the earlier. */
export function groupsByRouter({ groups, routers }: Draft): Map<string, Group[]> {
  const found = new Map<string, Group[]>(Array.from(routers.keys(), (name) => [name, []]));
  for (const [name, body] of groups) {
    if (body === undefined) continue;
    const members = new Set(body.routers.flatMap((member) => membersOf(member, routers)));
    for (const router of members) found.get(router)?.push({ body, path: ["groups", name] });
  }
  return found;
}

/** Every member of a group is a router, and every pattern stands for one at least. */
export function checkGroups(tree: Tree, { groups, routers }: Draft): Mistake[] {
  const guess = guesser(routers);
  return Array.from(groups, ([name, body]) =>
    (body?.routers ?? []).flatMap((member, index): Mistake[] => {
      if (membersOf(member, routers).length > 0) return [];
      const span = locate(tree, ["groups", name, "routers", index]);
      const message = member.includes("*")
        ? `${quote(member)} stands for no router`
        : `no router is called ${quote(member)}`;
      return [{ span, message, hint: guess(member) }];
    }),
  ).flat();
}

function membersOf(member: string, routers: ReadonlyMap<string, unknown>): string[] {
  if (!member.includes("*")) return routers.has(member) ? [member] : [];
  return [...routers.keys()].filter((name) => matches(name, member));
}

/** Each part between stars is found as early as it can be, so that no pattern takes long. */
function matches(name: string, pattern: string): boolean {
  const [first = "", ...parts] = pattern.split("*");
  const last = parts.pop() ?? "";
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const part of parts) {
    const at = name.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return name.length - last.length >= from && name.endsWith(last);
}
