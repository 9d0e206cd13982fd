import type { Prefix } from "../../net/prefix.ts";
import { sessionName } from "../../net/session-name.ts";
import type { RouterConfig, SessionConfig } from "./config.ts";
import { changedFields, type Effect, effectsOf, type SessionField } from "./effect.ts";

/** One step of a router from a configuration to another. */
export type RouterChange =
  /** What these fields say cannot change while it runs: it starts over, with all of its sessions. The only step then. */
  | { readonly type: "restart"; readonly fields: readonly (keyof RouterConfig)[] }
  /** @see sessionName */
  | { readonly type: "removeSession"; readonly session: string }
  | { readonly type: "set"; readonly field: "logLevel" | "redistribute" | "multipath" }
  | { readonly type: "withdraw" | "announce"; readonly prefix: Prefix }
  /** A policy counts as another one if it has other rules under the same name. */
  | {
      readonly type: "changeSession";
      readonly session: SessionConfig;
      readonly fields: readonly SessionField[];
    }
  | { readonly type: "addSession"; readonly session: SessionConfig };

/** Whether a running router can take another value of a field. */
const changeable: Readonly<Record<keyof RouterConfig, boolean>> = {
  name: false,
  netns: false,
  log: false,
  logLevel: true,
  asn: false,
  routerId: false,
  originate: true,
  redistribute: true,
  clusterId: false,
  multipath: true,
  install: false,
  policies: true,
  sessions: true,
};

/** The fewest steps from a router's configuration to another, in the order in which they are to be done; none if the two mean the same. */
export function differenceOf(before: RouterConfig, after: RouterConfig): readonly RouterChange[] {
  const changed = (Object.keys(changeable) as (keyof RouterConfig)[]).filter((field) =>
    differ(before[field], after[field]),
  );
  const fields = changed.filter((field) => !changeable[field]);
  if (fields.length > 0) return [{ type: "restart", fields }];
  const sessions = before.sessions.map((session) => ({ session, policies: before.policies }));
  const former = new Map(sessions.map((own) => [sessionName(own.session), own]));
  const names = new Set(after.sessions.map(sessionName));
  return [
    ...[...former.keys()]
      .filter((session) => !names.has(session))
      .map((session) => ({ type: "removeSession", session }) as const),
    ...(["logLevel", "redistribute", "multipath"] as const)
      .filter((field) => changed.includes(field))
      .map((field) => ({ type: "set", field }) as const),
    ...without(before.originate, after.originate).map((prefix) => ({ type: "withdraw", prefix }) as const),
    ...without(after.originate, before.originate).map((prefix) => ({ type: "announce", prefix }) as const),
    ...after.sessions.flatMap((session) =>
      changesOf(former.get(sessionName(session)), { session, policies: after.policies }),
    ),
    ...after.sessions
      .filter((session) => !former.has(sessionName(session)))
      .map((session) => ({ type: "addSession", session }) as const),
  ];
}

/** A session, with the policies that its router has. */
type Policed = { readonly session: SessionConfig } & Pick<RouterConfig, "policies">;

function changesOf(before: Policed | undefined, after: Policed): RouterChange[] {
  if (!before) return [];
  const { session } = after;
  const policies = (["importPolicy", "exportPolicy"] as const).filter((key) =>
    differ(rules(before, key), rules(after, key)),
  );
  const fields = [...new Set([...changedFields(before.session, session), ...policies])];
  return fields.length === 0 ? [] : [{ type: "changeSession", session, fields }];
}

function rules({ session, policies }: Policed, key: "importPolicy" | "exportPolicy") {
  const name = session[key];
  return name === null ? null : policies[name];
}

/** What a step leads to, in a word for each. */
export function effectsOfChange(change: RouterChange): readonly Effect[] {
  switch (change.type) {
    case "restart":
      return ["restart"];
    case "removeSession":
      return ["reset"];
    case "withdraw":
    case "announce":
      return ["readvertise"];
    case "changeSession":
      return effectsOf(change.fields);
    case "set":
    case "addSession":
      return ["live"];
    default:
      return change satisfies never;
  }
}

function without<T>(items: readonly T[], others: readonly T[]): T[] {
  const known = new Set(others);
  return items.filter((item) => !known.has(item));
}

const differ = (a: unknown, b: unknown) => JSON.stringify(a) !== JSON.stringify(b);
