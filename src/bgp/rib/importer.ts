import { dependsOnPrefix, evaluate } from "../policy/evaluate.ts";
import { hasCommunity } from "./communities.ts";
import { type Imported, importPath, whyUnreachable, whyUnwanted } from "./import.ts";
import type { Local } from "./local.ts";
import type { PathTable } from "./path-table.ts";
import type { PeerEntry } from "./peer-table.ts";
import type { PrefixTable } from "./prefix-table.ts";

/**
 * Says what is used of a path that a peer told: the number of the path as imported, or minus the number of a reason.
 * Routes that follow each other mostly share their path, so the last answer is kept.
 */
export class Importer {
  readonly #local: Local;
  readonly #prefixes: PrefixTable;
  readonly #paths: PathTable;
  readonly #reasons: string[] = ["withdrawn"];
  readonly #last = { told: 0, peer: 0, used: 0, isFinal: true };

  constructor(local: Local, tables: { prefixes: PrefixTable; paths: PathTable }) {
    this.#local = local;
    this.#prefixes = tables.prefixes;
    this.#paths = tables.paths;
  }

  /** What `used` says if it is negative. */
  reason(used: number): string {
    return this.#reasons[-used] as string;
  }

  /** Before a number may mean another path, and before a policy changes. */
  forget(): void {
    const last = this.#last;
    this.#paths.release(last.told);
    this.#paths.release(last.used);
    Object.assign(last, { told: 0, used: 0 });
  }

  /** @returns retained, for whoever writes it down */
  import(prefix: number, told: number, from: PeerEntry): number {
    const last = this.#last;
    if (last.told !== told || last.peer !== from.number) this.#consider(prefix, told, from);
    const family = this.#prefixes.family(prefix);
    const firstWord = this.#prefixes.firstWord(prefix);
    const unwanted = whyUnwanted({ family, firstWord }, from.peer);
    if (unwanted !== undefined) return -this.#reasonNumber(unwanted);
    if (last.used <= 0) return last.used;
    const { importPrefixes } = from.peer.policy;
    if (importPrefixes && !importPrefixes.has(this.#prefixes.format(prefix))) {
      return -this.#reasonNumber("not in importPrefixes");
    }
    if (!last.isFinal)
      return this.#finish(this.#applyPolicy(prefix, last.used, from), last.used, from.peer.policy);
    this.#paths.retain(last.used);
    return last.used;
  }

  #consider(prefix: number, told: number, from: PeerEntry): void {
    this.forget();
    const last = this.#last;
    const policy = from.peer.policy.import;
    last.told = told;
    last.peer = from.number;
    last.isFinal = policy === null || !dependsOnPrefix(policy);
    this.#paths.retain(told);
    const plain = importPath(this.#paths.path(told), from.peer, this.#local);
    const imported = this.#finish(plain, told, policy === null ? from.peer.policy : { blackhole: false });
    last.used = imported;
    if (imported <= 0 || !last.isFinal || policy === null) return;
    last.used = this.#finish(this.#applyPolicy(prefix, imported, from), imported, from.peer.policy);
    this.#paths.release(imported);
  }

  #applyPolicy(prefix: number, path: number, { peer }: PeerEntry): Imported {
    const policy = peer.policy.import;
    const { attributes, nextHop } = this.#paths.path(path);
    if (policy === null) return { type: "usable", attributes };
    const network = this.#prefixes.network(prefix);
    const length = this.#prefixes.lengthOf(prefix);
    const verdict = evaluate(policy, { network, length, attributes, nextHop, from: peer }, this.#local.asn);
    if (verdict.type === "rejected") return { type: "unusable", why: `rejected by ${verdict.by}` };
    const why = verdict.nextHop && whyUnreachable(verdict.nextHop, peer);
    if (why !== undefined) return { type: "unusable", why };
    return { type: "usable", attributes: verdict.attributes, nextHop: verdict.nextHop };
  }

  /** The number of what came out for a path, retained. */
  #finish(imported: Imported, path: number, { blackhole }: { blackhole: boolean }): number {
    if (imported.type === "unusable") return -this.#reasonNumber(imported.why);
    const { attributes, nextHop } = imported;
    // What is to be dropped leads nowhere (RFC 7999).
    if (blackhole && hasCommunity(attributes, "blackhole")) {
      return this.#paths.intern({ attributes, nextHop: undefined });
    }
    if (nextHop || attributes !== this.#paths.attributes(path)) {
      return this.#paths.intern({ attributes, nextHop: nextHop ?? this.#paths.nextHop(path) });
    }
    this.#paths.retain(path);
    return path;
  }

  #reasonNumber(text: string): number {
    const known = this.#reasons.indexOf(text);
    return known >= 0 ? known : this.#reasons.push(text) - 1;
  }
}
