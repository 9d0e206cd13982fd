import { readFileSync } from "node:fs";
import { inNetns } from "./netns.ts";

/** Segments that a namespace's guards have dropped since it was made; the counters only grow. */
export interface TcpDrops {
  /** Their TCP-MD5 signature was wrong, missing, or not asked for (RFC 2385). */
  readonly md5: number;
  /** Their hop limit was too small (RFC 5082). */
  readonly hopLimit: number;
}

/** As `nstat` counts them. @throws {SystemError} if there is no such namespace */
export function readTcpDrops(netns: string | null): TcpDrops {
  // Not /proc/net, which is that of the process's first thread.
  return parseTcpDrops(inNetns(netns, () => readFileSync("/proc/thread-self/net/netstat", "utf8")));
}

/** @param text of /proc/net/netstat (proc_pid_net(5)): lines in pairs, names and values; a kernel may lack some */
export function parseTcpDrops(text: string): TcpDrops {
  const [names = [], values = []] = text
    .split("\n")
    .filter((line) => line.startsWith("TcpExt:"))
    .map((line) => line.split(" "));
  const counter = (name: string) => Number(values[names.indexOf(name)] ?? 0);
  return {
    md5: counter("TCPMD5Failure") + counter("TCPMD5NotFound") + counter("TCPMD5Unexpected"),
    hopLimit: counter("TCPMinTTLDrop"),
  };
}
