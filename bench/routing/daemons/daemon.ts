import type { Network } from "../network.ts";

/** A BGP speaker under measurement. */
export interface Daemon {
  readonly name: string;
  /** Sessions over link-local addresses, with IPv4 over IPv6 next hops, or over numbered IPv4. */
  readonly addresses: "linkLocal" | "ipv4";
  /** Whether it can put routes into the kernel, keep out of it, or both. */
  readonly kernel: readonly boolean[];
  /** Milliseconds between two questions for its count: more where it takes a program to ask. */
  readonly pauseMs: number;
  /** Writes its configuration. @returns the commands to run in its namespace, in this order */
  prepare(
    network: Network,
    options: { readonly kernel: boolean },
  ): Promise<readonly Command[]> | readonly Command[];
  /**
   * How many of the prefixes are in its table and decided about. It must cost the daemon little; one that cannot count
   * cheaply tells whether it has the last one, which stands for all. NaN if it does not answer.
   */
  count(network: Network, routes: { readonly count: number }): Promise<number>;
}

/** A program and its arguments, and a file that is there when it is ready for the next one. */
export interface Command {
  readonly argv: readonly [string, ...string[]];
  readonly ready?: string;
}
