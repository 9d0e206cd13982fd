/** One end of a link: an interface of a router, written `router:ifname`. */
export interface Endpoint {
  readonly router: string;
  readonly ifname: string;
}

export function formatEndpoint({ router, ifname }: Endpoint): string {
  return `${router}:${ifname}`;
}

/**
 * Whether an interface may be called so: 1 to 15 letters, digits and `._@+-`. The kernel takes more (dev_valid_name), but
 * names also stand in other daemons' configuration; `lo`, `all` and `default` have a meaning of their own.
 */
export function isIfname(text: string): boolean {
  return /^[\w.@+-]{1,15}$/.test(text) && ![".", "..", "lo", "all", "default"].includes(text);
}
