import { Duplex } from "node:stream";
import { agentProgram } from "./agents.ts";
import type { Engine } from "./engine.ts";
import { readFrames } from "./frames.ts";
import { startProgram } from "./program.ts";

/** A connection to a Unix socket in a container, by way of a program there that joins it to its standard streams. */
export async function connectInside(
  engine: Engine,
  { container, path }: { container: string; path: string },
): Promise<Duplex> {
  const { stream } = await startProgram(engine, { container, command: ["node", agentProgram, path] });
  const output = readFrames(stream);
  return new Duplex({
    read() {
      void pass(output, this);
    },
    write: (chunk, encoding, done) => void stream.write(chunk, encoding, done),
    final: (done) => void stream.end(done),
    destroy(error, done) {
      stream.destroy();
      done(error);
    },
  });
}

/** Hands over what comes next; the program's only complaint is the name of an error. */
async function pass(output: ReturnType<typeof readFrames>, to: Duplex): Promise<void> {
  try {
    const { value, done } = await output.next();
    if (done) to.push(null);
    else if (value.type === "stdout") to.push(value.octets);
    else
      to.destroy(Object.assign(new Error("nobody listens"), { code: Buffer.from(value.octets).toString() }));
  } catch (error) {
    to.destroy(error as Error);
  }
}
