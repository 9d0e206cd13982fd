import { getSystemErrorMessage, getSystemErrorName } from "node:util";
import { LabError } from "../std/errors.ts";

/** A system call that the kernel refused, e.g. `bind [::]:179 in /run/netns/a: EADDRINUSE (address already in use)`. */
export class SystemError extends LabError {
  readonly code = "SYSTEM_CALL_FAILED";
  /** The call or netlink operation, e.g. `"bind"`. */
  readonly call: string;
  /** What it was done to, e.g. `"[::]:179 in /run/netns/a"`. */
  readonly object: string;
  /** Positive, as in errno(3). */
  readonly errno: number;
  /** E.g. `"EADDRINUSE"`. */
  readonly errnoName: string;

  constructor(
    failed: { readonly call: string; readonly object: string; readonly errno: number },
    options: { readonly detail?: string | undefined; readonly hint?: string } = {},
  ) {
    const name = errnoName(failed.errno);
    const text = options.detail ?? getSystemErrorMessage(-failed.errno);
    super(`${failed.call} ${failed.object}: ${name} (${text})`, options.hint ? { hint: options.hint } : {});
    this.call = failed.call;
    this.object = failed.object;
    this.errno = failed.errno;
    this.errnoName = name;
  }
}

/** The symbolic name of a positive error number. */
export function errnoName(errno: number): string {
  return getSystemErrorName(-errno);
}
