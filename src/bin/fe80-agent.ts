#!/usr/bin/env node
import { serveAgent } from "../runtime/docker/agent.ts";
import { systemClock } from "../std/clock.ts";

const USAGE = `usage: fe80-agent

For labs in containers: serves requests from standard input on the machine of the Docker Engine, as lines of JSON, until that ends.
`;

if (process.argv.length > 2) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  await serveAgent({ input: process.stdin, output: process.stdout }, systemClock);
}
