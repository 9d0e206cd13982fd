import type { Environment } from "../lab/environment.ts";
import type { KindName } from "../topology/topology.ts";
import type { Matrix } from "./result.ts";

/** What prints a line with the version of a program that is not ours. */
const commands: Readonly<Record<Exclude<KindName, "speaker">, string>> = {
  bird: "bird --version",
  frr: "/usr/lib/frr/bgpd --version",
  gobgp: "gobgpd --version",
  openbgpd: "bgpctl -V",
  exabgp: "exabgp --version",
};

/** The versions of programs as they tell them themselves. @throws {RuntimeError} */
export async function versionsOf(
  kinds: readonly KindName[],
  { runtime }: Environment,
  signal: AbortSignal,
): Promise<Matrix["versions"]> {
  const others = kinds.filter((kind) => kind !== "speaker");
  const asking = others.map((kind) => ["sh", "-c", `${commands[kind]} 2>&1`] as const);
  const outputs = await runtime.run({ place: { type: "machine" } }, asking, { signal });
  return Object.fromEntries(others.map((kind, index) => [kind, versionIn(outputs[index] ?? "")]));
}

function versionIn(output: string): string {
  return /\d+(?:\.\d+)+/.exec(output)?.[0] ?? "unknown";
}
