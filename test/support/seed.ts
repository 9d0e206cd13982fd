import { readFileSync } from "node:fs";
import {
  defaultRouter,
  defaultSession,
  defaultTimers,
  type RouterConfig,
} from "../../src/bgp/config/config.ts";
import { Log } from "../../src/bgp/speaker/log.ts";
import { Router } from "../../src/bgp/speaker/router.ts";
import { Turns } from "../../src/bgp/speaker/turns.ts";
import type { Address, RouterId } from "../../src/net/address.ts";
import { asn } from "../../src/net/asn.ts";
import type { MemoryHost } from "../../src/simulation/memory-host.ts";
import { MemoryNetwork } from "../../src/simulation/memory-network.ts";
import { VirtualClock } from "../../src/simulation/virtual-clock.ts";
import { connectionId } from "./session.ts";

/** A line of a log: its message and its other fields as they are written. */
export type Line = Readonly<Record<string, string>>;
export type Name = "r1" | "r2";

/** The reference log's lines of one router. */
export function reference(router: Name): Line[] {
  const records = readFileSync("test/golden/seed/pair.txt", "utf8").split("\n").filter(isRecord);
  return records.map((record): Line => JSON.parse(record)).filter((line) => line["router"] === router);
}

const isRecord = (line: string) => line.startsWith("{");

/** Plays the reference's scenario: r1 listens only once both are Established, so that r2's dial comes to nothing. */
export function play(): Record<Name, Line[]> {
  const clock = new VirtualClock();
  const network = new MemoryNetwork(clock);
  const [first, second] = [network.host("r1"), network.host("r2")];
  const end = (host: MemoryHost, address: string) =>
    ({ host, ifname: "eth0", ifindex: 100, address: address as Address }) as const;
  network.link(end(first, "fe80::1"), end(second, "fe80::2"));
  const listen = first.listen.bind(first);
  first.listen = (port, onConnection) => void clock.after(26, () => listen(port, onConnection));
  const logs: Record<Name, Line[]> = { r1: [], r2: [] };
  let connections = 0;
  const newConnectionId = () => connectionId((++connections).toString(16).padStart(8, "0"));
  const routers = [first, second].map((host, index) => {
    const config = configOf(index + 1);
    const write = (text: string) => void logs[host.name as Name].push(JSON.parse(text));
    const context = { clock, hostname: "memory", pid: 1, write };
    const log = new Log(context, { common: { router: host.name }, threshold: "trace" });
    return new Router({
      config,
      host,
      clock,
      random: () => 0.5,
      log,
      newConnectionId,
      turns: new Turns(clock),
      publish: () => {},
      interests: () => undefined,
    });
  });
  for (const router of routers) router.start();
  clock.advance(100);
  return logs;
}

function configOf(number: number): RouterConfig {
  const timers = { ...defaultTimers, holdTime: 6, keepaliveTime: 3, connectRetryTime: 1, idleHoldTime: 0 };
  return {
    ...defaultRouter,
    name: `r${number}`,
    netns: null,
    log: null,
    logLevel: "trace",
    asn: asn(64511 + number),
    routerId: `0.0.0.${number}` as RouterId,
    originate: [],
    sessions: [{ ...defaultSession, ifname: "eth0", remoteAs: "any", families: [4], timers }],
  };
}
