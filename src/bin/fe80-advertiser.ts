#!/usr/bin/env node
import { startAdvertiser } from "../advertiser/start.ts";
import { systemClock } from "../std/clock.ts";

const USAGE = `usage: fe80-advertiser IFNAME=LIFETIME…

Sends Router Advertisements in its network namespace until it is ended, for a program beside it that sends none.
LIFETIME is that of a default router in seconds, 0 for none.
`;

const interfaces = process.argv.slice(2).flatMap((argument) => {
  const [, ifname, lifetime] = /^([^=]+)=(\d+)$/.exec(argument) ?? [];
  return ifname === undefined ? [] : [{ ifname, lifetime: Number(lifetime) }];
});
if (interfaces.length === 0 || interfaces.length < process.argv.length - 2) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  process.title = "fe80-advertiser";
  startAdvertiser(interfaces, systemClock);
}
