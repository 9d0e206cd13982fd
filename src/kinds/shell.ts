/**
 * A command that carries out a script for sh(1) with these words as `$1`, `$2`, …
 *
 * A daemon that is several processes starts them so, and becomes the main one by `exec`: whoever ends the daemon with all
 * that it started ends the router.
 */
export function shell(script: readonly string[], words: readonly string[]) {
  return ["sh", "-c", script.join("\n"), "sh", ...words] as const;
}
