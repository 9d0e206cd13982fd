import { searchPath } from "../program.ts";

/** What a daemon inherits of our environment. */
const INHERITED = ["HOME", "LANG", "LC_ALL", "TZ", "NODE_COMPILE_CACHE"];

/** What a daemon finds in its environment beside its marks. @param path directories to look for programs in, as in PATH */
export function childEnvironment(path: string): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(inherited), PATH: searchPath(path) };
}
