import type { PathAttributes } from "../wire/message.ts";
import { attributesKey } from "./attributes-key.ts";

/**
 * Makes path attributes of the same value one object, so that `===` compares them and a table holds each only once.
 * It keeps none alive: what no table refers to any more is forgotten.
 */
export class AttributePool {
  readonly #members = new Map<string, WeakRef<PathAttributes>>();
  readonly #collected = new FinalizationRegistry<string>((key) => this.#forget(key));

  intern(attributes: PathAttributes): PathAttributes {
    const key = attributesKey(attributes);
    const member = this.#members.get(key)?.deref();
    if (member) return member;
    this.#members.set(key, new WeakRef(attributes));
    this.#collected.register(attributes, key);
    return attributes;
  }

  /** The key may have got a new member since the old one was collected. */
  #forget(key: string): void {
    if (this.#members.get(key)?.deref() === undefined) this.#members.delete(key);
  }
}
