const LONGEST = 24;

/** A router's name in the names of its files, where a socket's path must fit into 108 octets (unix(7)). */
export function shortName(name: string): string {
  return name.length <= LONGEST ? name : `${name.slice(0, LONGEST - 9)}-${hash(name)}`;
}

/** FNV-1a of 32 bits: eight digits. */
function hash(text: string): string {
  let value = 0x811c_9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x0100_0193);
  return (value >>> 0).toString(16).padStart(8, "0");
}
