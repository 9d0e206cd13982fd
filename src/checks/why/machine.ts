import { type Address, isLinkLocal } from "../../net/address.ts";
import { formatEndpoint } from "../../net/endpoint.ts";
import { broken, type Finding, ok, unknown } from "./explanation.ts";
import {
  type EndFacts,
  endsOf,
  interfaceOf,
  isConnected,
  nameOf,
  pairsOf,
  type SessionFacts,
} from "./session-facts.ts";

/** A step at which each end is looked at by itself: the first that has something wrong is told. */
function atEachEnd(
  facts: SessionFacts,
  step: string,
  { wrong, fine }: { wrong: (end: EndFacts) => Finding | undefined; fine: string },
): Finding {
  for (const end of endsOf(facts)) {
    const finding = wrong(end);
    if (finding) return finding;
  }
  return ok(step, fine);
}

/** Whether the routers are on the machine at all. */
export function lookAtRouter(facts: SessionFacts): Finding {
  return atEachEnd(facts, "router", {
    wrong: ({ router, machine }) =>
      machine ? undefined : broken("router", `the namespace of ${router} is gone`),
    fine: "both routers have their namespaces",
  });
}

/** Whether somebody in each of them answers, and knows of the session. */
export function lookAtSpeaker(facts: SessionFacts): Finding {
  return atEachEnd(facts, "speaker", {
    wrong: ({ router, session, process, silence, status }) => {
      if (process === "paused") {
        const hint = `fe80 resume ${facts.lab} ${router}, or kill -CONT where several routers share the process`;
        return broken("speaker", `the process of ${router} is paused`, { hint });
      }
      if (process === "ended") {
        const hint = `fe80 start ${facts.lab} ${router} starts it, fe80 logs ${facts.lab} ${router} shows the last that it said`;
        return broken("speaker", `${router} has no process: it was stopped, or has crashed`, { hint });
      }
      if (status) return undefined;
      if (silence === undefined) return broken("speaker", `${router} has no session on ${session}`);
      return broken("speaker", `the speaker of ${router} does not answer: ${silence}`, {
        hint: `fe80 logs ${facts.lab} ${router} shows the last that it said`,
      });
    },
    fine: "the speakers of both routers answer",
  });
}

export function lookAtInterface(facts: SessionFacts): Finding {
  return atEachEnd(facts, "interface", {
    wrong: (end) =>
      interfaceOf(end) ? undefined : broken("interface", `${end.router} has no interface ${end.ifname}`),
    fine: `${formatEndpoint(facts.near)} and ${formatEndpoint(facts.far)} are there`,
  });
}

export function lookAtUp(facts: SessionFacts): Finding {
  return atEachEnd(facts, "up", {
    wrong: (end) =>
      interfaceOf(end)?.up
        ? undefined
        : broken("up", `interface ${formatEndpoint(end)} is down`, {
            hint: `fe80 exec ${facts.lab} ${end.router} -- ip link set ${end.ifname} up`,
          }),
    fine: "both interfaces are set up",
  });
}

export function lookAtCarrier(facts: SessionFacts): Finding {
  return atEachEnd(facts, "carrier", {
    wrong: (end) =>
      interfaceOf(end)?.running
        ? undefined
        : broken("carrier", `interface ${formatEndpoint(end)} has no carrier, though it is set up`),
    fine: "both interfaces have a carrier",
  });
}

/** Whether somebody lets packets vanish there, as `fe80 link blackhole` does. */
export function lookAtBlackhole(facts: SessionFacts): Finding {
  return atEachEnd(facts, "blackhole", {
    wrong: (end) => {
      const receives = interfaceOf(end)?.dropping === true;
      if (!receives && !end.portDropping) return undefined;
      const name = formatEndpoint(end);
      const what = receives && end.portDropping ? "receives or sends" : receives ? "receives" : "sends";
      return broken("blackhole", `all that ${name} ${what} is dropped without a sign`, {
        hint: `fe80 link restore ${facts.lab} ${name}`,
      });
    },
    fine: "no interface drops what arrives",
  });
}

export function lookAtAddress(facts: SessionFacts): Finding {
  return atEachEnd(facts, "address", {
    wrong: (end) => {
      const linkLocals = interfaceOf(end)?.addresses.filter(({ address }) => isLinkLocal(address)) ?? [];
      if (linkLocals.length === 0)
        return broken("address", `${formatEndpoint(end)} has no link-local address`);
      if (linkLocals.some(({ tentative }) => !tentative)) return undefined;
      const text = `${formatEndpoint(end)} cannot use ${linkLocals[0]?.address}: somebody else on the link may have it`;
      return broken("address", text, { hint: "duplicate address detection has not finished, or has failed" });
    },
    fine: `${endsOf(facts).map(addressOf).join(" and ")}`,
  });
}

/** Whether an end that may dial has heard the other's Router Advertisements, from an address that is the other's. */
export function lookAtDiscovery(facts: SessionFacts): Finding {
  if (endsOf(facts).some(({ status }) => status && isConnected(status))) {
    return ok("discovery", "the peers have found each other");
  }
  const dialers = pairsOf(facts).filter(({ own }) => own.config?.passive !== true);
  const telling = dialers.filter(({ own }) => own.status && "counters" in own.status);
  if (telling.length < dialers.length) return unknown("discovery", "not every end tells whom it has heard");
  const problems = telling.map(({ own, peer }) => unheard(own, peer) ?? strange(own, peer));
  const [first] = problems;
  if (first && problems.every((problem) => problem !== undefined)) return first;
  return ok("discovery", "Router Advertisements have been heard");
}

function unheard(own: EndFacts, peer: EndFacts): Finding | undefined {
  if (!own.status || heardBy(own).length > 0) return undefined;
  const text = `${nameOf(own)} has heard no Router Advertisement of ${nameOf(peer)}`;
  return broken("discovery", text, { hint: "they are ICMPv6 packets of type 134, to ff02::1" });
}

function strange(own: EndFacts, peer: EndFacts): Finding | undefined {
  const addresses = interfaceOf(peer)?.addresses.map(({ address }) => address) ?? [];
  const heard = heardBy(own);
  if (heard.some((address) => addresses.includes(address))) return undefined;
  const text = `${nameOf(own)} hears ${heard.join(", ")}, which is no address of ${nameOf(peer)} (${addressOf(peer)})`;
  return broken("discovery", text);
}

/** Whom an end may dial: on a shared link the peer that it is told of, else anybody. */
function heardBy({ status, config }: EndFacts): readonly Address[] {
  const told = config?.peer ?? null;
  return (status?.neighbors ?? []).filter((address) => told === null || address === told);
}

function addressOf(end: EndFacts): string {
  return interfaceOf(end)?.addresses.find(({ address }) => isLinkLocal(address))?.address ?? "none";
}
