type Column = Int32Array | Uint32Array | Uint16Array | Uint8Array;

/** A longer copy of a typed array, with zeros behind what was there; the array itself if it is long enough. */
export function grown<Kind extends Column>(column: Kind, length: number): Kind {
  if (column.length >= length) return column;
  const longer = new (column.constructor as new (length: number) => Kind)(length);
  longer.set(column);
  return longer;
}
