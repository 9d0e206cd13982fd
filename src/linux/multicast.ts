import type { Address } from "../net/address.ts";

/** All nodes of a link (RFC 4291 §2.7.1). */
export const ALL_NODES = "ff02::1" as Address;

/** All routers of a link (RFC 4291 §2.7.1). */
export const ALL_ROUTERS = "ff02::2" as Address;
