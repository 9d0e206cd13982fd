#!/usr/bin/env node
import { readStatus } from "../bgp/control/client.ts";
import { digestsAlone } from "../bgp/control/interest.ts";
import { messageOf } from "../std/errors.ts";

const USAGE = `usage: fe80-health SOCKET…

Asks speakers by their control sockets how they are, for a container's health check: ends with 1 if one does not answer.
`;

const never = new AbortController().signal;

/** One line a router: sessions that are not up are no matter of health, for a lab may want them so. */
async function ask(socket: string): Promise<string[]> {
  const { routers, sessions } = await readStatus(socket, { interest: digestsAlone }, never);
  return routers.map(({ router }) => {
    const own = sessions.filter((session) => session.router === router);
    const up = own.filter(({ state }) => state === "Established");
    return `${router}: ${up.length} of ${own.length} sessions Established\n`;
  });
}

const sockets = process.argv.slice(2);
if (sockets.length === 0 || sockets.some((socket) => socket.startsWith("-"))) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
}
for (const socket of process.exitCode === 2 ? [] : sockets) {
  try {
    process.stdout.write((await ask(socket)).join(""));
  } catch (error) {
    process.stderr.write(`error: ${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}
