import { needsOf } from "../kinds/kinds.ts";
import type { Environment } from "../lab/environment.ts";
import { ArgumentError, ProgramMissingError } from "../lab/errors.ts";
import { ProgramNotFoundError } from "../runtime/errors.ts";
import { type KindName, kindNames } from "../topology/topology.ts";
import { type FeatureName, featureNames } from "./feature.ts";

const others = kindNames.filter((kind) => kind !== "speaker");

/** The features of these names; all if there are none. @throws {ArgumentError} */
export function chooseFeatures(names: readonly string[] | undefined): readonly FeatureName[] {
  if (names === undefined) return featureNames;
  for (const name of names) if (!isOneOf(featureNames, name)) throw unknown("feature", name, featureNames);
  return featureNames.filter((name) => names.includes(name));
}

/**
 * The kinds of these names; all that are installed here if there are none, and what is left out is told.
 *
 * @throws {ArgumentError} {@link ProgramMissingError}
 */
export function chooseKinds(
  names: readonly string[] | undefined,
  { environment, warn }: { environment: Environment; warn: (text: string) => void },
): readonly KindName[] {
  for (const name of names ?? []) if (!isOneOf(others, name)) throw unknown("kind", name, others);
  const kinds = others.filter((kind) => names?.includes(kind) ?? true);
  return kinds.filter((kind) => {
    const missing = missingProgram(kind, environment);
    if (missing === undefined) return true;
    if (names !== undefined) throw missing;
    warn(`without ${kind}: ${missing.message}; ${missing.hint}`);
    return false;
  });
}

function missingProgram(kind: KindName, { findProgram }: Environment): ProgramMissingError | undefined {
  const needs = needsOf(kind);
  if (needs === undefined) return undefined;
  try {
    findProgram(needs.program);
    return undefined;
  } catch (cause) {
    if (!(cause instanceof ProgramNotFoundError)) throw cause;
    const hint = `apt-get install ${needs.package}`;
    return new ProgramMissingError(`the program ${needs.program} is not installed`, { cause, hint });
  }
}

function isOneOf<T extends string>(known: readonly T[], name: string): name is T {
  return (known as readonly string[]).includes(name);
}

function unknown(what: string, name: string, known: readonly string[]): ArgumentError {
  return new ArgumentError(`there is no ${what} ${name}`, { hint: `there are ${known.join(", ")}` });
}
