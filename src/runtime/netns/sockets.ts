import { Rtnetlink } from "../../linux/rtnetlink/rtnetlink.ts";

/** So many stay open: a process may have 1,024 files at least, and the rest of them is not ours. */
const MOST_OPEN = 512;

/** An rtnetlink socket in each namespace, kept from step to step: to make one takes as long as to make an interface. */
export class Sockets implements Disposable {
  readonly #open = new Map<string, Rtnetlink>();

  /** @param netns its path @param isInside whether this thread is in the namespace just now @throws {SystemError} */
  use(netns: string, body: (rtnetlink: Rtnetlink) => void, { isInside = false } = {}): void {
    const open = this.#open.get(netns);
    if (open) return body(open);
    const rtnetlink = Rtnetlink.open(isInside ? null : netns);
    if (this.#open.size < MOST_OPEN) {
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
