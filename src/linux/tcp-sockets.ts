import { readFileSync } from "node:fs";
import { inNetns } from "./netns.ts";

/** Whether a program in a namespace accepts TCP connections to a port over IPv6. @throws {SystemError} if there is no such namespace */
export function isListening(netns: string | null, port: number): boolean {
  // Not /proc/net, which is that of the process's first thread.
  return listeningPorts(inNetns(netns, () => readFileSync("/proc/thread-self/net/tcp6", "utf8"))).has(port);
}

/** @param text of /proc/net/tcp6 (proc_pid_net(5)): a socket a line, its port and its state in hexadecimal */
export function listeningPorts(text: string): ReadonlySet<number> {
  const ports = text.split("\n").flatMap((line) => {
    const [, port, state] = /^\s*\d+: [0-9A-F]{32}:([0-9A-F]{4}) \S+ ([0-9A-F]{2}) /.exec(line) ?? [];
    return port !== undefined && state === LISTEN ? [Number.parseInt(port, 16)] : [];
  });
  return new Set(ports);
}

/** TCP_LISTEN of include/net/tcp_states.h. */
const LISTEN = "0A";
