import { quote } from "../bgp/config/message.ts";
import { formatEndpoint } from "../net/endpoint.ts";
import { defined } from "./defined.ts";
import type { Draft } from "./draft.ts";
import type { Check } from "./expect.ts";
import { nobody } from "./groups.ts";
import { guesser } from "./guess.ts";
import type { RouterNames } from "./router-names.ts";
import type { Mistake } from "./source.ts";
import type { Link } from "./topology.ts";
import { locate, type Path, type Tree } from "./tree.ts";

/** What checks may be about. */
interface Members {
  readonly names: RouterNames;
  readonly links: readonly Link[];
}

/** So many checks all patterns may come to. */
const maxChecks = 100_000;

/** The checks of a file, each for one router; names that are nobody's, and checks that can never be met, are mistakes. */
export function resolveChecks(
  tree: Tree,
  { expect, routers }: Draft,
  { names, links }: Members,
): { checks: Check[]; mistakes: Mistake[] } {
  const checks: Check[] = [];
  const mistakes: Mistake[] = [];
  const guess = guesser(routers);
  const refuse = (path: Path, mistake: Omit<Mistake, "span">) =>
    mistakes.push({ span: locate(tree, ["expect", ...path]), ...mistake });
  const routersOf = (pattern: string, path: Path): readonly string[] => {
    const { names: found, missing } = names.select(pattern);
    if (missing !== undefined) refuse(path, nobody(missing, guess));
    if (checks.length + found.length <= maxChecks) return found;
    refuse(path, { message: "there are too many checks", hint: `at most ${maxChecks}` });
    return [];
  };
  for (const [index, text] of (expect?.sessions ?? []).entries()) {
    const problem = sessionProblem(text, links);
    if (problem) refuse(["sessions", index, "session"], problem);
    const {
      session,
      families,
      "hold-time": holdTime,
      "peer-as": peerAsn,
      "last-error": lastError,
      state,
    } = text;
    checks.push({
      type: "session",
      ...session,
      ...defined({ state, families, holdTime, peerAsn, lastError }),
    });
  }
  for (const [index, text] of (expect?.routes ?? []).entries()) {
    const { prefix, count, present = true, via, "as-path": asPath, "local-pref": localPref, med } = text;
    const { communities } = text;
    for (const router of routersOf(text.router, ["routes", index, "router"])) {
      if (count !== undefined) checks.push({ type: "routeCount", router, count });
      if (prefix === undefined) continue;
      const more = defined({ via, asPath, communities, localPref, med });
      checks.push({ type: "route", router, prefix, present, ...more });
    }
  }
  for (const [index, { prefix, present = true, via, router: pattern }] of (expect?.kernel ?? []).entries()) {
    for (const router of routersOf(pattern, ["kernel", index, "router"])) {
      checks.push({ type: "kernel", router, prefix, present, ...defined({ via }) });
    }
  }
  return { checks, mistakes };
}

type SessionText = NonNullable<NonNullable<Draft["expect"]>["sessions"]>[number];

function sessionProblem(
  { session, state }: SessionText,
  links: readonly Link[],
): { message: string; hint: string } | undefined {
  const end = formatEndpoint(session);
  const all = links.flatMap((link) => link.ends.map((each) => ({ link, end: formatEndpoint(each) })));
  const found = all.find((each) => each.end === end);
  if (!found) {
    const own = all.filter((each) => each.end.startsWith(`${session.router}:`)).map((each) => each.end);
    const hint = own.length === 0 ? "write a router and one of its interfaces" : `it has ${own.join(", ")}`;
    return { message: `no link has an end ${quote(end)}`, hint };
  }
  if (found.link.expect === "none") {
    return { message: `there is no session on ${end}`, hint: "its link says expect: none" };
  }
  if (found.link.expect === "established" && state !== undefined && state !== "Established") {
    const message = `${end} cannot be ${state} in a lab that has converged`;
    return { message, hint: "write expect: down at its link" };
  }
  return undefined;
}
