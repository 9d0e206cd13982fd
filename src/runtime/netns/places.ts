import { createNetns, inNetns, listNetns, netnsPath } from "../../linux/netns.ts";

/** Where a lab's namespaces are, by name: some may be there already, such as those of containers; the others are made. */
export class Places {
  readonly #existing: ReadonlyMap<string, string>;

  /** @param existing paths by name, such as `/proc/PID/ns/net` */
  constructor(existing: ReadonlyMap<string, string>) {
    this.#existing = existing;
  }

  pathOf(name: string): string {
    return this.#existing.get(name) ?? netnsPath(name);
  }

  has(name: string): boolean {
    return this.#existing.has(name) || listNetns().includes(name);
  }

  /** Makes the namespace if it is not there, and runs `body` inside, which must be synchronous. @throws {SystemError} */
  make(name: string, body: (path: string) => void): void {
    const path = this.pathOf(name);
    if (this.#existing.has(name)) inNetns(path, () => body(path));
    else createNetns(name, () => body(path));
  }

  /** The same, but for one that was made earlier, too. @throws {SystemError} */
  ensure(name: string, body: (path: string) => void): void {
    if (!listNetns().includes(name)) return this.make(name, body);
    const path = this.pathOf(name);
    inNetns(path, () => body(path));
  }
}
