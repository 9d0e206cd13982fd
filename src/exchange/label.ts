import type { Router } from "../topology/topology.ts";

/** What a picture says of a router, line by line. */
export function labelLines({ name, kind, asn, originate }: Router): string[] {
  const program = kind === "speaker" ? [] : [kind];
  return [name, `AS ${asn}`, ...program, ...originate];
}
