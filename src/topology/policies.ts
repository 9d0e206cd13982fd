import { quote } from "../bgp/config/message.ts";
import type { Draft } from "./draft.ts";
import { guesser } from "./guess.ts";
import type { PolicyText } from "./policy-text.ts";
import type { Mistake } from "./source.ts";
import { locate, type Path, type Tree } from "./tree.ts";

interface Policed {
  readonly import?: PolicyText | undefined;
  readonly export?: PolicyText | undefined;
}

/** Sessions name policies that the file has, wherever they do. */
export function checkPolicyNames(tree: Tree, draft: Draft): Mistake[] {
  const { policies } = draft;
  const guess = guesser(policies, "policies");
  return placesOf(draft).flatMap(({ path, body }) =>
    (["import", "export"] as const).flatMap((key): Mistake[] => {
      const name = body[key];
      if (typeof name !== "string" || policies.has(name)) return [];
      const message = `no policy is called ${quote(name)}`;
      return [{ span: locate(tree, [...path, key]), message, hint: guess(name) }];
    }),
  );
}

type Place = readonly [Path, Policed | null | undefined];

/** All that may have keys of sessions, and where it stands. */
function placesOf({ defaults, kinds, groups, routers, links }: Draft): { path: Path; body: Policed }[] {
  const places: Place[] = [
    [["defaults"], defaults],
    ...Object.entries(kinds).map(([name, body]): Place => [["kinds", name], body]),
    ...Array.from(groups, ([name, body]): Place => [["groups", name], body]),
    ...Array.from(routers, ([name, { body }]): Place => [["routers", name], body]),
    ...links.flatMap((link) =>
      Object.entries(link?.body.sessions ?? {}).map(
        ([name, body]): Place => [[...(link?.path.slice(0, -1) ?? []), "sessions", name], body],
      ),
    ),
  ];
  return places.flatMap(([path, body]) => (body ? [{ path, body }] : []));
}
