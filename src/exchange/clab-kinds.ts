import type { KindName } from "../topology/topology.ts";
import type { ClabNode } from "./clab-file.ts";

/** Containerlab's kinds by name, each to become one of ours. */
export type ReplaceKinds = ReadonlyMap<string, KindName>;

/** What can be run of a node, or why nothing can. */
export type NodeKind =
  | { readonly type: "kind"; readonly kind: KindName | "host" }
  /** It joins the nodes that are linked with it. */
  | { readonly type: "bridge" }
  | { readonly type: "problem"; readonly message: string; readonly hint: string };

/** Programs that route in containers of kind `linux`, by a word in the name of their image; all else is a host. */
const images: readonly { readonly word: RegExp; readonly kind: KindName | undefined }[] = [
  { word: /(?:^|[/_-])fe80/, kind: "speaker" },
  { word: /(?:^|[/_-])bird/, kind: "bird" },
  { word: /frr/, kind: "frr" },
  { word: /gobgp/, kind: "gobgp" },
  { word: /openbgpd/, kind: "openbgpd" },
  { word: /exabgp/, kind: "exabgp" },
  { word: /quagga|holo|vyos|rustybgp|bio-rd/, kind: undefined },
];

/** Which of our kinds a node becomes: the one that was asked for, or the one that its kind and its image mean. */
export function kindOf({ name, kind, image }: ClabNode, replace: ReplaceKinds): NodeKind {
  if (kind === undefined) {
    return problem(`${name.text} has no kind`, "write kind: linux, at the node, its group or in defaults");
  }
  const replaced = replace.get(kind.text);
  if (replaced !== undefined) return { type: "kind", kind: replaced };
  const instead = `--replace-kind ${kind.text}=speaker makes every ${kind.text} a router of fe80's own, each in an AS of its own`;
  if (kind.text === "bridge" || kind.text === "ovs-bridge") return { type: "bridge" };
  if (kind.text !== "linux") return problem(`fe80 cannot run the kind ${kind.text}`, instead);
  const repository = (image?.text ?? "").replace(/[:@][^/]*$/, "");
  const program = images.find(({ word }) => word.test(repository));
  if (program === undefined) return { type: "kind", kind: "host" };
  if (program.kind !== undefined) return { type: "kind", kind: program.kind };
  return problem(`fe80 cannot run the image ${image?.text}`, instead);
}

function problem(message: string, hint: string): NodeKind {
  return { type: "problem", message, hint };
}
