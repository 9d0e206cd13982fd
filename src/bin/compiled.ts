import { constants, enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";

/**
 * Lets Node.js keep what it compiles, here and in the speakers that this process starts, unless its environment says where.
 *
 * That is beside the code, where nobody may write who may not change the code as well; in the user's own cache if it is somebody
 * else's code.
 */
export function keepCompiled(): void {
  if (process.env["NODE_COMPILE_CACHE"] !== undefined) return;
  const beside = fileURLToPath(new URL("../../node_modules/.cache/node", import.meta.url));
  const own = `${process.env["XDG_CACHE_HOME"] ?? `${homedir()}/.cache`}/fe80`;
  const isKept = (directory: string) =>
    enableCompileCache(directory).status !== constants.compileCacheStatus.FAILED;
  const directory = [beside, own].find(isKept);
  if (directory !== undefined) process.env["NODE_COMPILE_CACHE"] = directory;
}
