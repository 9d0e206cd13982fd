import { defaultTimers } from "../bgp/config/config.ts";
import { thirdOf } from "../bgp/config/timers.ts";
import { type Abilities, abilitiesOf, plainKey } from "./kind-abilities.ts";
import { defaultRouting } from "./routing-text.ts";
import { defaultOptions, type SessionOptions } from "./session-options.ts";
import type { Router } from "./topology.ts";

/** Something that a router's program cannot do. */
export interface Inability {
  /** Where it stands below what holds the settings. */
  readonly below: readonly string[];
  readonly message: string;
  readonly hint: string;
}

function inability({ name, kind }: Router, { key, path }: Setting): Inability {
  const message = `${name} is of kind ${kind}, which cannot do ${key}`;
  return { below: path, message, hint: `take it back at ${name}: ${takenBack(path)}` };
}

/** What is said of a router's routes beyond what its program can do. */
export function routingInability(router: Router): Inability[] {
  const { kind, routing } = router;
  const takes = abilitiesOf[kind]?.routing;
  if (takes === undefined) return [];
  const keys = keysOf(routing).filter((key) => !takes.has(key) && differs(routing[key], defaultRouting[key]));
  return keys.map((key) => inability(router, setting([key])));
}

/** The same of one of its sessions, families aside. */
export function sessionInability(router: Router, session: SessionOptions): Inability[] {
  const { name, kind } = router;
  const abilities = abilitiesOf[kind];
  if (abilities === undefined) return [];
  const unread = session.md5Key !== null && !abilities.anyKey && !plainKey.test(session.md5Key);
  const message = `${name} is of kind ${kind}, which would not read this key as it is`;
  const hint = "letters, digits and _.,:+=@%/~^*&<>()- are safe";
  return [
    ...unable(session, abilities).map((each) => inability(router, each)),
    ...(unread ? [{ below: ["md5"], message, hint }] : []),
  ];
}

/** What a session is told beyond what its program can do. */
function unable(session: SessionOptions, { session: takes, timers, holdTimeZero }: Abilities): Setting[] {
  const options = keysOf(session).filter((key) => key !== "timers" && !takes.has(key));
  const times = keysOf(session.timers).filter((key) => !timers.has(key));
  // A hold time brings its own keepalive time.
  const usual = { ...defaultTimers, keepaliveTime: thirdOf(session.timers.holdTime) };
  const always = session.timers.holdTime === 0 && !holdTimeZero;
  return [
    ...options.filter((key) => differs(session[key], defaultOptions[key])).map((key) => setting([key])),
    ...(always ? [{ ...setting(["timers", "holdTime"]), key: "hold: 0" }] : []),
    ...times.filter((key) => differs(session.timers[key], usual[key])).map((key) => setting(["timers", key])),
  ];
}

/** The values are plain data in one order. */
const differs = (a: unknown, b: unknown) => JSON.stringify(a) !== JSON.stringify(b);

const keysOf = <T extends object>(of: T) => Object.keys(of) as (keyof T & string)[];

const otherWords: Readonly<Record<string, string>> = {
  md5Key: "md5",
  minHopLimit: "gtsm",
  importPolicy: "import",
  exportPolicy: "export",
};

/** How the file calls it. */
function setting(names: readonly string[]): Setting {
  const path = names.map(
    (name) =>
      otherWords[name] ?? name.replace(/Time$/, "").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
  );
  return { key: path.join(" "), path };
}

const takenBack = (path: readonly string[]) =>
  path.toReversed().reduce((inner, key, index) => `${key}: ${index === 0 ? "~" : `{ ${inner} }`}`, "");

interface Setting {
  /** As it is written. */
  readonly key: string;
  /** Where it stands below what holds the settings of sessions. */
  readonly path: readonly string[];
}
