import { check, libc } from "./libc.ts";

/** PR_SET_PDEATHSIG, prctl(2). */
const PARENT_DEATH_SIGNAL = 1;

/** Lets this process go on when the one that started it ends, whatever `setpriv --pdeathsig` said. */
export function outliveParent(): void {
  check(libc.prctl(PARENT_DEATH_SIGNAL, 0), "prctl", "the signal at the end of the parent");
}
