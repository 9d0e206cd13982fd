/**
 * Starts a daemon by a script for sh(1), which is a file, and gets these words as `$1`, `$2`, …
 *
 * A daemon that is several processes starts them so, and becomes the main one by `exec`: whoever ends the daemon with all
 * that it started ends the router.
 */
export function shell(
  path: string,
  { script, words }: { script: readonly string[]; words: readonly string[] },
) {
  return {
    command: ["sh", path, ...words] as const,
    file: { path, text: `${script.join("\n")}\n` },
  };
}
