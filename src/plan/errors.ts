import type { Prefix } from "../net/prefix.ts";
import { LabError } from "../std/errors.ts";

const maxNames = 8;

/** The preferences in a topology do not settle which way a prefix goes. */
export class RoutesUndecidedError extends LabError {
  readonly code = "ROUTES_UNDECIDED";

  /** @param routers those whose way is not settled, at least one */
  constructor(prefix: Prefix, routers: readonly string[]) {
    const named = routers.slice(0, maxNames).join(", ");
    const rest = routers.length > maxNames ? ` and ${routers.length - maxNames} more` : "";
    super(`what routers prefer does not settle which way ${prefix} goes from ${named}${rest}`, {
      hint: "BGP may end in several ways, or never: let one of them not prefer a route that comes from the others",
    });
  }
}

/** It would take too long to work out what a lab should come to. */
export class RoutesTooManyError extends LabError {
  readonly code = "ROUTES_TOO_MANY";

  constructor() {
    super("it would take too long to work out which routes the policies and preferences leave each router", {
      hint: "originate fewer prefixes, or let fewer sessions have policies or preferences",
    });
  }
}
