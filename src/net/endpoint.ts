/** One end of a link: an interface of a router, written `router:ifname`. */
export interface Endpoint {
  readonly router: string;
  readonly ifname: string;
}

export function formatEndpoint({ router, ifname }: Endpoint): string {
  return `${router}:${ifname}`;
}

/** The kernel takes 1 to 15 octets without `/`, `:` or white space, and neither `.` nor `..` (dev_valid_name). */
export function isIfname(text: string): boolean {
  return (
    /^[^\s/:%]{1,15}$/.test(text) &&
    text !== "." &&
    text !== ".." &&
    text !== "lo" &&
    text !== "all" &&
    text !== "default"
  );
}
