#!/usr/bin/env node
import { systemClock } from "../std/clock.ts";

const USAGE = `usage: fe80-agent [SOCKET]

For containers of fe80's labs: joins standard input and output to the control socket of a speaker, or, without one, serves a
request from standard input on the machine of the Docker Engine.
`;

const streams = { input: process.stdin, output: process.stdout };
const [socket, ...rest] = process.argv.slice(2);

if (rest.length > 0 || socket?.startsWith("-")) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else if (socket === undefined) {
  const { serveAgent } = await import("../runtime/docker/agent.ts");
  await serveAgent(streams, systemClock);
} else {
  const { bridge } = await import("../bgp/control/bridge.ts");
  try {
    await bridge(socket, { ...streams, clock: systemClock });
  } catch (error) {
    process.stderr.write((error as NodeJS.ErrnoException).code ?? String(error));
    process.exitCode = 1;
  }
  // Nothing more is to come, whatever still may be read.
  process.stdin.destroy();
}
