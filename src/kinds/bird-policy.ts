import type { RouterConfig, SessionConfig } from "../bgp/config/config.ts";
import type { Family } from "../net/address.ts";
import { birdRules } from "./bird-rules.ts";
import type { Peers } from "./peers.ts";
import { letsAllPass, sessionRules } from "./session-rules.ts";

const routed = "source ~ [ RTS_STATIC, RTS_BGP ]";

const addPaths = { receive: "rx", send: "tx", both: "on" } as const;

/**
 * What a channel of BIRD's takes and tells, and what it makes of that.
 *
 * The next hop is always our own, and said outright: with `next hop self` BIRD tells `::` and a link-local address, of which GoBGP and
 * OpenBGPD take the first.
 */
export function birdPolicy(
  session: SessionConfig,
  { family, router, peers }: { family: Family; router: RouterConfig; peers: Peers },
): string {
  const filter = (direction: "import" | "export") =>
    birdFilter(session, { direction, family, router, peers });
  const words = [
    `import ${filter("import")};`,
    `export ${filter("export")};`,
    ...(session.addPath === "off" ? [] : [`add paths ${addPaths[session.addPath]};`]),
    ...(session.prefixLimit === null ? [] : [`import limit ${session.prefixLimit} action restart;`]),
  ];
  return words.join(" ");
}

interface Way {
  readonly direction: "import" | "export";
  readonly family: Family;
  readonly router: RouterConfig;
  readonly peers: Peers;
}

function birdFilter(session: SessionConfig, { direction, family, router, peers }: Way): string {
  const peer = peers({ router: router.name, ifname: session.ifname });
  const rules = sessionRules(router, session, { direction, family, peer });
  const isTold = direction === "export";
  if (rules.length === 0) return "none";
  if (letsAllPass(rules) && !isTold) return "all";
  const before = isTold ? [`if !(${routed}) then reject;`, `bgp_next_hop = ${session.linkLocal};`] : [];
  const statements = [...before, ...birdRules(rules, { router, peers })];
  return `filter {${statements.map((statement) => `\n    ${statement}`).join("")}\n  }`;
}
