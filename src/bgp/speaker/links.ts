import type { LinkState } from "./host.ts";

/** The interfaces of a router: each name and each index once, whatever was renamed, deleted and made anew. */
export class Links {
  readonly #byName = new Map<string, LinkState>();

  /**
   * Takes in what was told of an interface.
   *
   * @returns what sessions must hear, in order: interfaces that this shows to be gone, then the news; nothing if it is
   * of an interface that has been replaced
   */
  update(link: LinkState): readonly LinkState[] {
    const known = this.#byName.get(link.ifname);
    if (link.gone) {
      if (known?.ifindex !== link.ifindex) return [];
      this.#byName.delete(link.ifname);
      return [link];
    }
    const others = [...this.#byName.values()].filter(
      ({ ifname, ifindex }) => (ifname === link.ifname) !== (ifindex === link.ifindex),
    );
    for (const { ifname } of others) this.#byName.delete(ifname);
    this.#byName.set(link.ifname, link);
    return [...others.map(withoutLink), link];
  }

  get(ifname: string): LinkState | undefined {
    return this.#byName.get(ifname);
  }

  withIndex(ifindex: number): LinkState | undefined {
    return [...this.#byName.values()].find((link) => link.ifindex === ifindex);
  }
}

/** The last word about an interface. */
export function withoutLink(link: LinkState): LinkState {
  return { ...link, running: false, linkLocal: undefined, gone: true };
}
