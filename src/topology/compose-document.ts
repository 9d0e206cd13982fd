import { Composer, type CST, type Document, Lexer, Parser, YAMLParseError } from "yaml";

/** More errors than that are not looked for: nobody reads them, and a broken megabyte has half a million. */
const maxErrors = 200;

/** Unfinished tokens within each other. The parser recurses over them, and a topology has a dozen. */
const maxDepth = 200;

/**
 * Words, marks, gaps and line ends that a text may have. A lab of as many routers and links as there may be fits, and takes
 * a second.
 */
const maxLexemes = 500_000;

/** A text that is given up. */
export interface GivenUp {
  readonly message: string;
  readonly hint?: string;
  /** Where the reading stopped. */
  readonly offset: number;
}

/**
 * Reads the first document of a YAML 1.2 text; what follows it is an error in the document.
 *
 * As `parseDocument` of the library does it, but no text takes long or overflows the stack.
 */
export function composeDocument(text: string): Document.Parsed | GivenUp {
  const tokens = parseTokens(text);
  if (!Array.isArray(tokens)) return tokens;
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

function parseTokens(text: string): CST.Token[] | GivenUp {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let errors = 0;
  let lexemes = 0;
  const take = (token: CST.Token) => {
    tokens.push(token);
    if (token.type === "error") errors++;
  };
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) take(token);
    const { offset } = parser;
    if (parser.stack.length > maxDepth) return { message: "nested too deeply", offset };
    if (++lexemes > maxLexemes) return { message: "the file says too much", hint: shorter, offset };
    if (errors >= maxErrors) return tokens;
  }
  for (const token of parser.end()) take(token);
  return tokens;
}

const shorter =
  'a range such as "leaf[1-16]" is many routers, and a pattern such as leaf* -- spine* many links';

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
