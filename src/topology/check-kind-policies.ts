import type { Rule } from "../bgp/policy/policy.ts";
import type { Draft } from "./draft.ts";
import { limitsOf } from "./kind-policies.ts";
import { policiesOf } from "./policies.ts";
import type { PolicyText } from "./policy-text.ts";
import type { Mistake } from "./source.ts";
import type { Router } from "./topology.ts";
import type { Path } from "./tree.ts";

/** The policy of one direction of a session, and where it is said. */
export interface PolicyUse {
  readonly router: Pick<Router, "name" | "kind">;
  readonly direction: "import" | "export";
  readonly external: boolean;
  readonly said: PolicyText;
  readonly path: Path;
}

/** What policies are told, by where that stands, that the program of a router cannot do. */
export function policyMistakes(
  { router, direction, external, said, path }: PolicyUse,
  draft: Draft,
): { path: Path; mistake: Omit<Mistake, "span"> }[] {
  const { name, kind } = router;
  const { rules, place } = rulesOf(said, path, draft);
  return rules.flatMap((rule, index) =>
    limitsOf(rule, { kind, direction, external }).map(({ path: below, what, hint }) => ({
      path: [...place, index, ...below],
      mistake: { message: `${name} is of kind ${kind}, which cannot ${what}`, hint },
    })),
  );
}

function rulesOf(said: PolicyText, path: Path, draft: Draft): { rules: readonly Rule[]; place: Path } {
  if (typeof said !== "string") return { rules: said ?? [], place: path };
  const rules = policiesOf(draft).get(said)?.rules ?? [];
  return { rules, place: draft.policies.has(said) ? ["policies", said] : path };
}
