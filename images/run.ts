import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

type Command = readonly [program: string, ...args: string[]];

/** Runs a program to its end. @throws with all that it wrote, if it fails */
export async function run([program, ...args]: Command, input = ""): Promise<void> {
  const child = spawn(program, args);
  child.stdin.on("error", () => {}); // It may end without having read it.
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`${[program, ...args].join(" ")} failed\n${stdout}${stderr}`);
}

/** Whether a program ends well. */
export async function succeeds(...command: Command): Promise<boolean> {
  try {
    await run(command);
    return true;
  } catch {
    return false;
  }
}
