import * as v from "valibot";
import {
  communitiesField,
  extendedCommunitiesField,
  largeCommunitiesField,
} from "../bgp/config/community-fields.ts";
import { prefixField } from "../bgp/config/fields.ts";
import { splitHint } from "../bgp/config/message.ts";
import { originField } from "../bgp/config/policy-fields.ts";
import { wordField } from "../bgp/config/word.ts";
import type { Candidate } from "../bgp/policy/evaluate.ts";
import { parseAsPath } from "../bgp/wire/as-path-text.ts";
import type { PathAttributes } from "../bgp/wire/message.ts";
import { parseAddress } from "../net/address.ts";
import { isAsn } from "../net/asn.ts";
import { prefixParts } from "../net/prefix.ts";
import { ArgumentError } from "./errors.ts";

/** A route as a user writes it, option by option. */
export interface RouteText {
  readonly prefix: string;
  readonly asPath?: string | undefined;
  readonly origin?: string | undefined;
  readonly med?: string | undefined;
  readonly localPref?: string | undefined;
  readonly community?: readonly string[] | undefined;
  readonly largeCommunity?: readonly string[] | undefined;
  readonly extCommunity?: readonly string[] | undefined;
  readonly nextHop?: string | undefined;
  /** Interface of the peer that told of it. */
  readonly from?: string | undefined;
}

/** The route that a user means; of IGP origin and an empty AS path unless said otherwise. @throws {ArgumentError} */
export function readRoute(text: RouteText): Candidate {
  const { octets: network, length } = prefixParts(read(prefixField, text.prefix));
  const attributes = readAttributes(text);
  const nextHop = text.nextHop === undefined ? undefined : readNextHop(text.nextHop);
  const [segment] = attributes.asPath;
  const peer = segment?.type === "sequence" ? segment.asns[0] : undefined;
  const asn = peer !== undefined && isAsn(peer) ? peer : undefined;
  const from = text.from !== undefined || asn ? { ifname: text.from ?? "", asn: asn ?? 0 } : undefined;
  return { network, length, attributes, nextHop, from: from as Candidate["from"] };
}

function readAttributes(text: RouteText): PathAttributes {
  const { asPath = "", origin = "igp", med, localPref, community, largeCommunity, extCommunity } = text;
  return {
    origin: read(originField, origin),
    asPath: readAsPath(asPath),
    ...(med !== undefined && { med: readNumber("a MED", med) }),
    ...(localPref !== undefined && { localPref: readNumber("a local preference", localPref) }),
    ...(community && { communities: read(communitiesField, community) }),
    ...(largeCommunity && { largeCommunities: read(largeCommunitiesField, largeCommunity) }),
    ...(extCommunity && { extendedCommunities: read(extendedCommunitiesField, extCommunity) }),
  };
}

function readAsPath(text: string): PathAttributes["asPath"] {
  const path = parseAsPath(text);
  if (path) return path;
  throw new ArgumentError(`"${text}" is not an AS path`, { hint: 'write it as "64512 64513 {1,2}"' });
}

function readNextHop(text: string): Candidate["nextHop"] {
  const address = parseAddress(text);
  if (address?.includes(":"))
    return address.startsWith("fe80:") ? { linkLocal: address } : { global: address };
  throw new ArgumentError(`"${text}" is not a next hop`, { hint: "it is an IPv6 address such as fe80::1" });
}

function readNumber(what: string, digits: string): number {
  return read(wordField(what), /^\d+$/.test(digits) ? Number(digits) : Number.NaN);
}

function read<Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const { message, hint } = splitHint(result.issues[0].message);
  throw new ArgumentError(message, hint === undefined ? {} : { hint });
}
