import { readFileSync } from "node:fs";
import { Rtnetlink } from "../../linux/rtnetlink/rtnetlink.ts";

/** So many of the files that a process may have are not ours. */
const OTHERS = 512;

/** So many may stay open. Node.js has raised the limit as far as it may by now. */
function mostOpen(): number {
  const [, limit] = /^Max open files +(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
  return Math.max(0, Number(limit ?? 1024) - OTHERS);
}

/** An rtnetlink socket in each namespace, kept from step to step: to make one takes as long as to make an interface. */
export class Sockets implements Disposable {
  readonly #open = new Map<string, Rtnetlink>();
  readonly #most = mostOpen();

  /** @param netns its path @param isInside whether this thread is in the namespace just now @throws {SystemError} */
  use(netns: string, body: (rtnetlink: Rtnetlink) => void, { isInside = false } = {}): void {
    const open = this.#open.get(netns);
    if (open) return body(open);
    const rtnetlink = Rtnetlink.open(isInside ? null : netns);
    if (this.#open.size < this.#most) {
      this.#open.set(netns, rtnetlink);
      return body(rtnetlink);
    }
    using _ = rtnetlink;
    body(rtnetlink);
  }

  [Symbol.dispose](): void {
    for (const rtnetlink of this.#open.values()) rtnetlink[Symbol.dispose]();
    this.#open.clear();
  }
}
