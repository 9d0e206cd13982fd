/** A topology as a person would write it: short forms, patterns and ranges as they are, nothing filled in. */
export interface Sketch {
  /** What stands at the top of the file, a line of comment each. */
  readonly comment: readonly string[];
  readonly name: string;
  readonly defaults?: SketchSettings;
  readonly routers: readonly SketchRouter[];
  readonly links: readonly SketchLink[];
}

/** Of one router, or of all that its name stands for: `leaf[1-4]`. */
export interface SketchRouter extends SketchSettings {
  readonly name: string;
  readonly originate?: readonly string[] | undefined;
  /** Of a host. */
  readonly addresses?: readonly string[] | undefined;
}

export interface SketchSettings {
  readonly kind?: string | undefined;
  readonly families?: readonly string[] | undefined;
  /** A number, or arithmetic with the number of a range: `65000 + n`. */
  readonly asn?: number | string | undefined;
}

export interface SketchLink {
  /** `r1 -- r2`, a chain, or a pattern on either side; a list for a shared link. */
  readonly link: string | readonly string[];
  /** Octets. */
  readonly mtu?: number | undefined;
  /** Of all ends; null for one that fe80 gives. */
  readonly mac?: readonly (string | null)[] | undefined;
}
