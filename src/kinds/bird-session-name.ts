/** Name of the protocol that accepts a router's session with this index; accepted ones add `_1`, `_2`, … */
export function birdSessionName(index: number): string {
  return `session_${index}`;
}
