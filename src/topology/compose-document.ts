import { Composer, type CST, type Document, Lexer, Parser, YAMLParseError } from "yaml";

/** More errors than that are not looked for: nobody reads them, and a broken megabyte has half a million. */
const maxErrors = 200;

/** Unfinished tokens within each other. The parser recurses over them, and a topology has a dozen. */
const maxDepth = 200;

/** A text that nests without end. */
export interface TooDeep {
  readonly depth: number;
  /** Where the reading stopped. */
  readonly offset: number;
}

/**
 * Reads the first document of a YAML 1.2 text; what follows it is an error in the document.
 *
 * As `parseDocument` of the library does it, but no text takes long or overflows the stack.
 */
export function composeDocument(text: string): Document.Parsed | TooDeep {
  const { tokens, tooDeep } = parseTokens(text);
  if (tooDeep !== undefined) return tooDeep;
  const composer = new Composer({
    schema: "core",
    merge: false,
    resolveKnownTags: false,
    prettyErrors: false,
    // The library compares every key with every other one; the reader of the tree finds duplicates in one pass.
    uniqueKeys: false,
  });
  return withoutStackTraces(() => {
    const [first, second] = composer.compose(tokens, true, text.length);
    if (first === undefined) throw new TypeError("the library gave no document");
    if (second !== undefined) {
      first.errors.push(new YAMLParseError([second.range[0], second.range[2]], "MULTIPLE_DOCS", ""));
    }
    return first;
  });
}

function parseTokens(text: string): { tokens: CST.Token[]; tooDeep: TooDeep | undefined } {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let errors = 0;
  const take = (token: CST.Token) => {
    tokens.push(token);
    if (token.type === "error") errors++;
  };
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) take(token);
    const depth = parser.stack.length;
    if (depth > maxDepth) return { tokens, tooDeep: { depth, offset: parser.offset } };
    if (errors >= maxErrors) return { tokens, tooDeep: undefined };
  }
  for (const token of parser.end()) take(token);
  return { tokens, tooDeep: undefined };
}

/** Where in the library an error was found helps nobody, and to find out takes most of the time of a broken file. */
function withoutStackTraces<T>(body: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return body();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
