/** The graph that a lab has, with its sizes. */
export type Shape =
  | { readonly type: "ring" | "chain" | "star" | "full-mesh"; readonly routers: number }
  | { readonly type: "grid" | "torus"; readonly rows: number; readonly columns: number }
  | { readonly type: "clos"; readonly spines: number; readonly leaves: number }
  /** Of switches with so many ports. */
  | { readonly type: "fat-tree"; readonly ports: number }
  | { readonly type: "hypercube"; readonly dimensions: number }
  /** The seed is an integer of 32 bits. */
  | { readonly type: "random"; readonly routers: number; readonly links: number; readonly seed: number };

/** Who is in which AS: each router in its own, tier by tier as RFC 7938 §5.2.1 has it, or all in one. */
export type AsnScheme = "unique" | "rfc7938" | "single";

export interface Numbering {
  /** How many each router originates, 0 to 255. */
  readonly prefixes: number;
  readonly asnScheme: AsnScheme;
}
