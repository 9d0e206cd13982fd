/** Name of the protocol of a router's session with this index. */
export function birdSessionName(index: number): string {
  return `session_${index}`;
}
