import { formatEndpoint } from "../net/endpoint.ts";
import type { Prefix } from "../net/prefix.ts";
import { LabError } from "../std/errors.ts";
import type { Diagnostic } from "../topology/diagnostic.ts";
import type { Place } from "../topology/source.ts";
import type { Topology } from "../topology/topology.ts";

/** What of a topology says where to look. */
export type Placed = Pick<Topology, "routers" | "links" | "places">;

/** A topology that says nothing wrong, but of which nobody can say where its routes go. */
export abstract class UnsettledError extends LabError {
  /** The message without its place. */
  readonly reason: string;
  /** One, at the place that is to blame; none if that is not known. */
  readonly diagnostics: readonly Diagnostic[] | undefined;

  constructor(reason: string, { place, hint }: { place: Place | undefined; hint: string }) {
    const message = place ? `${place.file}:${place.line}:${place.column}: ${reason}` : reason;
    super(message, { hint });
    this.reason = reason;
    const text = `${message}\n  hint: ${hint}`;
    this.diagnostics = place && [{ severity: "error", ...place, message: reason, hint, text }];
  }
}

const maxNames = 8;

/** The preferences in a topology do not settle which way a prefix goes; the place is that of the first router of which that is so. */
export class RoutesUndecidedError extends UnsettledError {
  readonly code = "ROUTES_UNDECIDED";

  /** @param routers those whose way is not settled, at least one */
  constructor(prefix: Prefix, routers: readonly string[], { places }: Pick<Placed, "places">) {
    const named = routers.slice(0, maxNames).join(", ");
    const rest = routers.length > maxNames ? ` and ${routers.length - maxNames} more` : "";
    super(`what routers prefer does not settle which way ${prefix} goes from ${named}${rest}`, {
      place: places.get(routers[0] ?? ""),
      hint: "BGP may end in several ways, or never: let one of them not prefer a route that comes from the others",
    });
  }
}

/**
 * It would take too long to work out what a lab should come to. The place is that of the router with the most prefixes, or of the first
 * link where none has more than one.
 */
export class RoutesTooManyError extends UnsettledError {
  readonly code = "ROUTES_TOO_MANY";

  constructor({ routers, links, places }: Placed) {
    const [most] = routers.toSorted((a, b) => b.originate.length - a.originate.length);
    const [end] = links[0]?.ends ?? [];
    const own = most?.originate.length ?? 0;
    const all = routers.reduce((sum, { originate }) => sum + originate.length, 0);
    const share = most && own > 1 ? `, of which ${most.name} originates ${own}` : "";
    const work = `${all} prefixes over ${links.length} links${share}`;
    super(
      `it would take too long to work out which routes the policies and preferences leave each router: ${work}`,
      {
        place: own > 1 ? places.get(most?.name ?? "") : end && places.get(formatEndpoint(end)),
        hint: "originate fewer prefixes, or let fewer sessions have policies or preferences",
      },
    );
  }
}
