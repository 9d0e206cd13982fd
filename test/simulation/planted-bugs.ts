import type { RouterHost, Transport } from "../../src/bgp/speaker/host.ts";
import { Router, type RouterSetup } from "../../src/bgp/speaker/router.ts";
import { type RouterId, routerIdToNumber } from "../../src/net/address.ts";

/** Higher than that of any router in a lab. */
const HIGHEST = "255.255.255.254" as RouterId;

/**
 * A router with a bug: in every collision it keeps the connection that it dialed itself (RFC 4271 §6.8 lets only the end
 * with the higher identifier do so). It takes itself for the end with the highest identifier, and tells its peers the true one.
 */
export function createSelfishRouter(setup: RouterSetup): Router {
  const { config, host } = setup;
  return new Router({
    ...setup,
    config: { ...config, routerId: HIGHEST },
    host: sayingInOpen(host, routerIdToNumber(config.routerId)),
  });
}

/** A host on whose connections every OPEN has this identifier. */
function sayingInOpen(host: RouterHost, identifier: number): RouterHost {
  return override(host, {
    dial: (to, port) => rewriting(host.dial(to, port), identifier),
    listen: (port, onConnection) =>
      host.listen(port, (transport, ifindex) => onConnection(rewriting(transport, identifier), ifindex)),
  });
}

const TYPE_AT = 18;
const OPEN = 1;
const IDENTIFIER_AT = 24;

function rewriting(transport: Transport, identifier: number): Transport {
  return override(transport, {
    send: (octets) => {
      const copy = octets.slice();
      if (copy[TYPE_AT] === OPEN) new DataView(copy.buffer).setUint32(IDENTIFIER_AT, identifier);
      transport.send(copy);
    },
  });
}

/** The same object, but for some methods. */
export function override<T extends object>(object: T, methods: Partial<T>): T {
  return new Proxy(object, {
    get: (target, key) => {
      const own: unknown = Reflect.get(key in methods ? methods : target, key, target);
      return typeof own === "function" ? own.bind(target) : own;
    },
  });
}
