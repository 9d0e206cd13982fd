import * as v from "valibot";
import type { RouterConfig, SessionConfig } from "./config.ts";
import { quote, withHint } from "./message.ts";
import { nearest } from "./suggest.ts";

type Named = Pick<SessionConfig, "importPolicy" | "exportPolicy">;

interface Router {
  readonly policies: RouterConfig["policies"];
  readonly sessions: readonly Named[];
}

/** Sessions name policies that their router has. */
export function knownPolicies<R extends Router>(): v.RawCheckAction<R> {
  return v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { policies, sessions } = dataset.value;
    for (const [index, session] of sessions.entries()) {
      for (const key of ["importPolicy", "exportPolicy"] as const) {
        const message = unknownPolicy(session[key], Object.keys(policies));
        if (message === undefined) continue;
        const step = (value: string | number) =>
          ({ type: "unknown", origin: "value", input: session, key: value, value: session[key] }) as const;
        addIssue({ message, path: [step("sessions"), step(index), step(key)] });
      }
    }
  });
}

/** Why a name is that of no policy, in the form of `withHint`; undefined if it is, or names none. */
function unknownPolicy(name: string | null, known: readonly string[]): string | undefined {
  if (name === null || known.includes(name)) return undefined;
  const meant = nearest(name, known);
  const others = known.length === 0 ? "there are none" : `there are ${known.join(", ")}`;
  return withHint(
    `no policy is called ${quote(name)}`,
    meant === undefined ? others : `did you mean ${meant}?`,
  );
}
