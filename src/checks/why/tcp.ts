import { broken, type Finding, ok } from "./explanation.ts";
import { readNotification } from "./notification.ts";
import { type EndFacts, endsOf, isConnected, nameOf, pairsOf, type SessionFacts } from "./session-facts.ts";

type Pair = ReturnType<typeof pairsOf>[number];

/** Whether a TCP connection comes up: both keys, hop limits, a listener, and nothing that filters. */
export function lookAtTcp(facts: SessionFacts): Finding {
  const ends = endsOf(facts);
  if (ends.some(({ status }) => status && isConnected(status))) return ok("tcp", "port 179 is connected");
  const dialers = pairsOf(facts).filter(({ own }) => !isPassive(own));
  if (dialers.length === 0) {
    const text = `${ends.map(nameOf).join(" and ")} are both passive: each waits for the other to connect`;
    return broken("tcp", text, { hint: "leave out passive at one of them" });
  }
  const failing = dialers.filter(({ own }) => failedDial(own) !== undefined);
  if (failing.length < dialers.length) return ok("tcp", "a connection came up, and has ended again");
  return wrongKey(facts) ?? tooFar(facts) ?? unanswered(failing[0] as Pair);
}

function isPassive({ config, status }: EndFacts): boolean {
  return config?.passive === true || status?.waitingFor?.includes("it is passive") === true;
}

/** How the last dial failed; undefined if it led to a connection. */
function failedDial({ status }: EndFacts): string | undefined {
  if (!status || readNotification(status.lastError)) return undefined;
  const { lastError, state, waitingFor } = status;
  if (lastError?.startsWith("connect: ")) return lastError.slice("connect: ".length);
  return lastError === null && (state === "Connect" || state === "Active") ? (waitingFor ?? "") : undefined;
}

/** Segments are counted for a whole router, so that a session without any key is not suspected for those of another. */
function wrongKey(facts: SessionFacts): Finding | undefined {
  const { near, far } = facts;
  const [ours, theirs] = [near.config?.md5Key ?? null, far.config?.md5Key ?? null];
  if (ours === null && theirs === null) return undefined;
  const dropping = endsOf(facts).find(({ machine }) => (machine?.drops.md5 ?? 0) > 0);
  if (!dropping && ours === theirs) return undefined;
  const counted = dropping
    ? `: ${dropping.router} has dropped ${dropping.machine?.drops.md5} segments for their TCP-MD5 signature`
    : "";
  return broken("tcp", `${keys(near, far)}${counted}`, { hint: "give both ends the same md5" });
}

function keys(near: EndFacts, far: EndFacts): string {
  const [ours, theirs] = [near.config?.md5Key ?? null, far.config?.md5Key ?? null];
  if (ours === theirs) return "the TCP-MD5 keys in use are not the same any more";
  if (ours !== null && theirs !== null)
    return `${nameOf(near)} and ${nameOf(far)} have different TCP-MD5 keys`;
  const [guarded, open] = ours === null ? [far, near] : [near, far];
  return `${nameOf(guarded)} has a TCP-MD5 key and ${nameOf(open)} has none`;
}

/** Generalized TTL security (RFC 5082): only packets that no router has passed on are taken. */
function tooFar(facts: SessionFacts): Finding | undefined {
  const guarded = endsOf(facts).some(({ config }) => (config?.minHopLimit ?? null) !== null);
  const pair = pairsOf(facts).find(({ own }) => (own.machine?.drops.hopLimit ?? 0) > 0);
  if (!pair || !guarded) return undefined;
  const { own, peer } = pair;
  const both = own.config?.minHopLimit != null && peer.config?.minHopLimit != null;
  const what = both
    ? `packets of ${nameOf(peer)} do not come straight from it`
    : `${nameOf(own)} wants a hop limit of ${own.config?.minHopLimit ?? 255} (gtsm), and ${nameOf(peer)} sends with a smaller one`;
  const text = `${what}: ${own.router} has dropped ${own.machine?.drops.hopLimit} segments`;
  return broken("tcp", text, { hint: "give both ends gtsm, or neither" });
}

function unanswered({ own, peer }: Pair): Finding {
  const how = failedDial(own) ?? "";
  const listens = peer.machine?.listening === true;
  if (how.includes("ECONNREFUSED")) {
    return listens
      ? broken(
          "tcp",
          `${nameOf(own)} is refused by ${peer.router}, where a speaker does listen on port 179`,
          {
            hint: "a packet filter that rejects is likely: nft list ruleset, in either namespace",
          },
        )
      : broken("tcp", `${nameOf(own)} is refused by ${peer.router}: nothing listens on port 179 there`);
  }
  if (/no answer|ETIMEDOUT|TCP connection/.test(how)) return lost({ own, peer });
  return broken("tcp", `${nameOf(own)} cannot connect to ${nameOf(peer)}: ${how}`);
}

/** Somewhere on the way, or by a kernel that does not send: whoever is not in its table of neighbors is sent nothing. */
function lost({ own, peer }: Pair): Finding {
  const silent = `${nameOf(own)} gets no answer of ${peer.router} to its connection`;
  const { entries, limit, refused } = own.machine?.neighborTable ?? { entries: 0, limit: 1, refused: 0 };
  if (refused > 0 && entries >= limit) {
    const full = `the kernel's table of IPv6 neighbors has ${entries} entries, and has refused others ${refused} times`;
    const hint = `raise it on the machine: sysctl -w net.ipv6.neigh.default.gc_thresh3=${limit * 4}`;
    return broken("tcp", `${silent}, and ${full}`, { hint });
  }
  const there = peer.machine?.listening === true ? ", though a speaker listens on port 179 there" : "";
  return broken("tcp", `${silent}${there}`, {
    hint: "packets to or from TCP port 179 are lost: a packet filter (nft list ruleset, in either namespace), or the link",
  });
}
