/** An element of an XML document. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly content: string | readonly XmlElement[];
}

export function element(
  name: string,
  attributes: XmlElement["attributes"] = {},
  content: XmlElement["content"] = [],
): XmlElement {
  return { name, attributes, content };
}

/** A document (XML 1.0), an element a line but for those that hold a text. */
export function xmlLines(root: XmlElement): string[] {
  return ['<?xml version="1.0" encoding="UTF-8"?>', ...elementLines(root)];
}

function elementLines({ name, attributes, content }: XmlElement): string[] {
  const words = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  const head = `<${name}${words.join("")}`;
  if (content.length === 0) return [`${head}/>`];
  if (typeof content === "string") return `${head}>${escaped(content, "\n")}</${name}>`.split("\n");
  return [`${head}>`, ...content.flatMap(elementLines), `</${name}>`];
}

/** What XML gives a meaning to becomes an entity; what it cannot hold at all, a replacement character (XML 1.0 §2.2). */
function escaped(text: string, newline = "&#10;"): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "&#13;")
    .replaceAll("\t", "&#9;")
    .replaceAll("\n", newline);
}
