import type { Policy } from "../bgp/policy/policy.ts";
import { abilitiesOf } from "./kind-abilities.ts";
import { limitsOf } from "./kind-policies.ts";
import type { PolicyText } from "./policy-text.ts";
import type { SessionOptions } from "./session-options.ts";
import type { Router } from "./topology.ts";
import type { Path } from "./tree.ts";

/** Something that the policy of a session says, and the router's program cannot do. */
export interface PolicyInability {
  readonly direction: "import" | "export";
  /** The policy, as the session has it. */
  readonly said: PolicyText;
  /** Where it stands below the rules. */
  readonly below: Path;
  readonly message: string;
  readonly hint: string;
}

/** What the policies of a session say beyond what its router's program can do. @param external whether its peer is in another AS */
export function policyInability(
  { name, kind }: Router,
  { importPolicy, exportPolicy }: SessionOptions,
  { policies, external }: { policies: ReadonlyMap<string, Policy>; external: boolean },
): PolicyInability[] {
  if (!abilitiesOf[kind]?.session.has("importPolicy")) return [];
  const both = [
    { direction: "import", said: importPolicy },
    { direction: "export", said: exportPolicy },
  ] as const;
  return both.flatMap(({ direction, said }) => {
    const rules = typeof said === "string" ? policies.get(said)?.rules : said;
    return (rules ?? []).flatMap((rule, index) =>
      limitsOf(rule, { kind, direction, external }).map(({ path, what, hint }) => {
        const message = `${name} is of kind ${kind}, which cannot ${what}`;
        return { direction, said, below: [index, ...path], message, hint };
      }),
    );
  });
}
