import { quote } from "../bgp/config/message.ts";
import type { Policy, Rule } from "../bgp/policy/policy.ts";
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

/** What rules that stand at routers themselves are called, such as `defaults import`: no name that is given has a space. */
function placedName(path: Path, key: "import" | "export"): string {
  return `${path.join(" ")} ${key}`;
}

/** The same with names instead of rules, so that many sessions have one policy; what stands nowhere keeps its rules. */
export function withPlacedNames<Body extends Policed>(body: Body, path: Path): Body {
  if (path.length === 0 || (!Array.isArray(body.import) && !Array.isArray(body.export))) return body;
  const name = (key: "import" | "export") => (Array.isArray(body[key]) ? placedName(path, key) : body[key]);
  return { ...body, import: name("import"), export: name("export") };
}

/** All policies by name, with the rules that stand at routers, or at what they share, themselves. */
export function policiesOf(draft: Draft): Map<string, Policy> {
  const named = Array.from(draft.policies, ([name, rules = []]) => ({ name, rules }));
  const placed = routerPlaces(draft).flatMap(([path, body]) =>
    (["import", "export"] as const).flatMap((key) => {
      const rules = body?.[key];
      return Array.isArray(rules) ? [{ name: placedName(path, key), rules: rules as readonly Rule[] }] : [];
    }),
  );
  return new Map([...named, ...placed].map((policy) => [policy.name, policy]));
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
function placesOf(draft: Draft): { path: Path; body: Policed }[] {
  const places: Place[] = [
    ...routerPlaces(draft),
    ...draft.links.flatMap((link) =>
      Object.entries(link?.body.sessions ?? {}).map(
        ([name, body]): Place => [[...(link?.path.slice(0, -1) ?? []), "sessions", name], body],
      ),
    ),
    ...draft.steps.flatMap((step, index) => configured(step?.do, ["steps", index, "do"])),
  ];
  return places.flatMap(([path, body]) => (body ? [{ path, body }] : []));
}

/** Those of them that say it of routers. */
function routerPlaces({ defaults, kinds, groups, routers }: Draft): Place[] {
  return [
    [["defaults"], defaults],
    ...Object.entries(kinds).map(([name, body]): Place => [["kinds", name], body]),
    ...Array.from(groups, ([name, body]): Place => [["groups", name], body]),
    ...Array.from(routers, ([name, { body }]): Place => [["routers", name], body]),
  ];
}
