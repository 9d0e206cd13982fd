import type { Family } from "../../net/address.ts";
import { type Prefix, prefixFamily, prefixParts } from "../../net/prefix.ts";
import { NlriWriter } from "../rib/nlri-writer.ts";
import type { ForwardingChange } from "./host.ts";
import { NOWHERE, type Targets } from "./targets.ts";

/** What the prefixes are whose numbers stand in changes. */
export interface PrefixNumbers {
  prefix(id: number): Prefix;
  writePrefix(id: number, writer: NlriWriter): void;
}

/** Prefixes to be told to the kernel, by where they go. */
export class ForwardingBatch {
  readonly #prefixes: PrefixNumbers;
  readonly #groups = new Map<number, NlriWriter>();

  constructor(prefixes: PrefixNumbers) {
    this.#prefixes = prefixes;
  }

  add(target: number, family: Family, id: number): void {
    this.#prefixes.writePrefix(id, this.#group(target, family));
  }

  /** A route that is none of ours any more. */
  addStray(prefix: Prefix): void {
    const { octets, length } = prefixParts(prefix);
    const writer = this.#group(NOWHERE, prefixFamily(prefix));
    writer.u8(length);
    for (const octet of octets.subarray(0, (length + 7) >>> 3)) writer.u8(octet);
  }

  changes(targets: Targets): ForwardingChange[] {
    return [...this.#groups].map(([key, writer]) => ({
      nlri: { family: (key & 1) === 1 ? 6 : 4, addPath: false, octets: writer.since(0) },
      via: targets.get(key >>> 1),
    }));
  }

  #group(target: number, family: Family): NlriWriter {
    const key = 2 * target + Number(family === 6);
    let group = this.#groups.get(key);
    if (!group) {
      group = new NlriWriter();
      this.#groups.set(key, group);
    }
    return group;
  }
}
