import { execFile } from "node:child_process";
import { connect } from "node:net";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Asks a daemon over its Unix socket, and gives what it says until `done` holds of that; empty if it does not listen. */
export async function ask(
  path: string,
  question: string,
  done: (answer: string) => boolean,
): Promise<string> {
  const socket = connect(path).setEncoding("latin1");
  try {
    socket.write(question);
    let answer = "";
    for await (const text of socket) {
      answer += text;
      if (done(answer)) break;
    }
    return answer;
  } catch {
    return "";
  } finally {
    socket.destroy();
  }
}

/** Asks a daemon by a program of its own; empty if that fails. */
export async function askBy(command: string, ...args: string[]): Promise<string> {
  try {
    return (await run(command, args, { maxBuffer: 1 << 26 })).stdout;
  } catch {
    return "";
  }
}
