import { type RouterId, routerIdFromNumber } from "../../net/address.ts";
import type { Asn } from "../../net/asn.ts";
import { type EndFacts, nameOf } from "./session-facts.ts";

/** An OPEN message, as a history tells of it. */
export interface OpenWords {
  readonly asn: Asn;
  readonly holdTime: number;
  readonly routerId: RouterId;
  /** `IPv4`, `IPv6`, or what else is announced. */
  readonly families: readonly string[];
  /** RFC 9234; undefined if it does not say. */
  readonly role: string | undefined;
  /** The other capabilities, in words. */
  readonly others: readonly string[];
}

/** Reads an OPEN from its description in a history; undefined if it is none. */
export function readOpen(contents: string): OpenWords | undefined {
  const match = /asn: (\d+), hold_time: (\d+), id: (\d+), parameters: \[ Capabilities \[ (.*)\] \]/.exec(
    contents,
  );
  if (!match) return undefined;
  const [, asn, holdTime, id, list = ""] = match;
  const all = list.split(", ").filter((word) => word !== "");
  return {
    asn: Number(asn) as Asn,
    holdTime: Number(holdTime),
    routerId: routerIdFromNumber(Number(id)),
    families: all.filter(isFamily).map(familyName),
    role: all.find((word) => word.startsWith("Role "))?.slice("Role ".length),
    others: all.filter((word) => !isFamily(word) && !/^(Role|FQDN|Four Octet ASN) /.test(word)),
  };
}

/** The last OPEN that an end has sent, as it or its peer remembers. */
export function openOf(own: EndFacts, peer: EndFacts): OpenWords | undefined {
  const text = lastOpen(own, "sent") ?? lastOpen(peer, "received");
  return text === undefined ? undefined : readOpen(text);
}

function lastOpen({ status }: EndFacts, direction: "sent" | "received"): string | undefined {
  if (!status || !("messages" in status)) return undefined;
  return status.messages.findLast((each) => each.message === "open" && each.direction === direction)
    ?.contents;
}

/** Both OPENs side by side, a line for each field; a `*` is where they differ, though most often they do not. */
export function sideBySide(near: EndFacts, far: EndFacts): string[] {
  const opens = [openOf(near, far), openOf(far, near)] as const;
  const row = (name: string, word: (open: OpenWords) => string): string[] => {
    const [a, b] = opens.map((open) => (open ? word(open) : "not seen"));
    return [a === b || own.includes(name) ? " " : "*", name, a ?? "", b ?? ""];
  };
  const rows = [
    [" ", "OPEN", nameOf(near), nameOf(far)],
    row("AS", ({ asn }) => String(asn)),
    row("router id", ({ routerId }) => routerId),
    row("hold time", ({ holdTime }) => `${holdTime} s`),
    row("families", ({ families }) => families.join(", ") || "none"),
    row("role", ({ role }) => role ?? "none"),
    row("other", ({ others }) => others.filter((word) => !isCommon(word, opens)).join(", ") || "the same"),
  ];
  const width = (column: number) => Math.max(...rows.map((cells) => (cells[column] ?? "").length));
  return rows.map((cells) =>
    cells
      .map((cell, index) => cell.padEnd(width(index)))
      .join("  ")
      .trimEnd(),
  );
}

/** Fields that each end has its own of. */
const own: readonly string[] = ["AS", "router id"];

const isCommon = (word: string, opens: readonly (OpenWords | undefined)[]): boolean =>
  opens.every((open) => open?.others.includes(word));

const isFamily = (word: string): boolean => word.startsWith("MP-Extensions ");

const familyName = (word: string): string => {
  const code = word.slice("MP-Extensions ".length);
  return ({ "1/1": "IPv4", "2/1": "IPv6" } as Record<string, string>)[code] ?? code;
};
