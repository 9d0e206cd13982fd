type Column = Int32Array | Uint32Array | Uint16Array | Uint8Array;

/**
 * A typed array made longer, with zeros behind what was there; the array itself if it is long enough. Else the former one
 * is empty from now on: what it held is free at once, and does not wait for the collector beside the longer one.
 */
export function grown<Kind extends Column>(column: Kind, length: number): Kind {
  if (column.length >= length) return column;
  const octets = (column.buffer as ArrayBuffer).transfer(length * column.BYTES_PER_ELEMENT);
  return new (column.constructor as new (octets: ArrayBuffer) => Kind)(octets);
}
