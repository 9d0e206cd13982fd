import { hashAsns } from "../wire/long-sequence.ts";
import type { AsPathSegment, NextHop, PathAttributes, RawAttribute } from "../wire/message.ts";
import type { Path } from "./path.ts";

/** 32 bits that are the same for paths of the same value, and seldom for others. No text is made. */
export function hashPath({ attributes, nextHop }: Path): number {
  let hash = hashAttributes(attributes);
  if (nextHop) hash = hashNextHop(hash, nextHop);
  return finished(hash);
}

function hashAttributes(attributes: PathAttributes): number {
  let hash = hashAsPath(attributes.origin.length, attributes.asPath);
  hash = mix(hash, attributes.med ?? -1);
  hash = mix(hash, attributes.localPref ?? -1);
  hash = mix(hash, attributes.onlyToCustomer ?? -1);
  if (attributes.communities) hash = hashNumbers(hash, attributes.communities);
  if (attributes.aggregator)
    hash = hashText(mix(hash, attributes.aggregator.asn), attributes.aggregator.address);
  if (attributes.originatorId !== undefined) hash = hashText(hash, attributes.originatorId);
  if (attributes.clusterList) hash = hashTexts(hash, attributes.clusterList);
  if (attributes.extendedCommunities) hash = hashTexts(hash, attributes.extendedCommunities);
  for (const community of attributes.largeCommunities ?? []) hash = hashNumbers(hash, community);
  for (const raw of attributes.unknown ?? []) hash = hashRaw(hash, raw);
  return hash;
}

function hashAsPath(start: number, path: readonly AsPathSegment[]): number {
  let hash = start;
  for (const { type, asns } of path) hash = mix(mix(hash, type.length), hashAsns(asns));
  return hash;
}

function hashNextHop(start: number, { global, linkLocal }: NextHop): number {
  const hash = global === undefined ? start : hashText(start, global);
  return linkLocal === undefined ? hash : hashText(mix(hash, 1), linkLocal);
}

function hashRaw(start: number, { code, flags, value }: RawAttribute): number {
  let hash = mix(mix(start, code), flags);
  for (const octet of value) hash = mix(hash, octet);
  return hash;
}

function hashNumbers(start: number, numbers: readonly number[]): number {
  let hash = mix(start, numbers.length);
  for (const number of numbers) hash = mix(hash, number);
  return hash;
}

function hashTexts(start: number, texts: readonly string[]): number {
  let hash = mix(start, texts.length);
  for (const text of texts) hash = hashText(hash, text);
  return hash;
}

function hashText(start: number, text: string): number {
  let hash = mix(start, text.length);
  for (let index = 0; index < text.length; index++) hash = mix(hash, text.charCodeAt(index));
  return hash;
}

/** As MurmurHash3 takes in 32 bits. */
function mix(hash: number, value: number): number {
  const block = Math.imul(value, 0xcc9e_2d51);
  const mixed = hash ^ Math.imul((block << 15) | (block >>> 17), 0x1b87_3593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe654_6b64) | 0;
}

function finished(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  const whole = Math.imul(half ^ (half >>> 13), 0xc2b2_ae35);
  return whole ^ (whole >>> 16);
}
