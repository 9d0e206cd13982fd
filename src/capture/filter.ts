/** Instructions of a `struct sock_filter`, of which the kernel runs a program for each frame (linux/filter.h, bpf(4)). */

/** Loads two octets. */
export const load16 = (at: number) => ({ code: 0x28, ifTrue: 0, ifFalse: 0, value: at });

/** Loads an octet. */
export const load8 = (at: number) => ({ code: 0x30, ifTrue: 0, ifFalse: 0, value: at });

/** Skips so many instructions if what is loaded is this value, or so many others if it is not. */
export const equal = (value: number, ifTrue: number, ifFalse: number) => ({
  code: 0x15,
  ifTrue,
  ifFalse,
  value,
});

/** Lets a frame through, as far as so many octets. */
export const take = (length: number) => ({ code: 0x06, ifTrue: 0, ifFalse: 0, value: length });

/** Lets BGP's TCP segments between link-local addresses through, and nothing else. */
export const bgpFilter = [
  load16(12),
  equal(0x86dd, 0, 6),
  load8(20),
  equal(6, 0, 4),
  load16(54),
  equal(179, 3, 0),
  load16(56),
  equal(179, 1, 0),
  take(0),
  take(0xffff_ffff),
] as const;
