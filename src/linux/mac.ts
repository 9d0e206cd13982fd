/** The text of a link-layer address, e.g. `02:fe:80:00:00:01`. */
export function formatMac(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join(":");
}

/** The six octets of a link-layer address. @throws {RangeError} if `text` is none */
export function macOctets(text: string): Uint8Array {
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text))
    throw new RangeError(`"${text}" is no link-layer address`);
  return Uint8Array.from(text.split(":"), (pair) => Number.parseInt(pair, 16));
}
