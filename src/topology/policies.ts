import { quote } from "../bgp/config/message.ts";
import type { DoText } from "./action-text.ts";
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

function configured(done: DoText | undefined, path: Path): Place[] {
  if (Array.isArray(done)) return done.flatMap((each, index) => configured(each, [...path, index]));
  return Object.entries(done?.configure ?? {}).map(([target, body]) => [
    [...path, "configure", target],
    body,
  ]);
}

type Place = readonly [Path, Policed | null | undefined];

/** All that may have keys of sessions, and where it stands. */
function placesOf({
  defaults,
  kinds,
  groups,
  routers,
  links,
  steps,
}: Draft): { path: Path; body: Policed }[] {
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
    ...steps.flatMap((step, index) => configured(step?.do, ["steps", index, "do"])),
  ];
  return places.flatMap(([path, body]) => (body ? [{ path, body }] : []));
}
