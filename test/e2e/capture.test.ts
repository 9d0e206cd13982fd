import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { fe80, start, topology, until } from "./command.ts";

t.test("BGP is told in words while it is spoken, until the lab is gone", async (t) => {
  const lab = "e2e-overheard";
  t.equal((await fe80("up", topology(t, "pair-with-bird", lab), "-q")).exit, 0);
  const listening = start("capture", "--bgp", lab);
  // Whoever listens has a socket in the namespace, which the namespace's own list shows.
  await until(async () =>
    (await fe80("exec", lab, "r1", "--", "cat", "/proc/net/packet")).stdout.includes("0003"),
  );
  t.equal((await fe80("link", "flap", lab, "r1:eth0", "--for", "50ms")).exit, 0);
  await until(async () => JSON.parse((await fe80("inspect", lab, "-f", "json")).stdout).converged);
  t.equal((await fe80("down", lab)).exit, 0);
  const { exit, stdout, stderr } = await listening.ended;
  t.equal(exit, 0, stderr);
  t.match(stdout, /^[\d:.]{12} r1:eth0 > r2:eth0 \(\d+\) Open \[ version: 4, asn: 64512/m);
  t.match(stdout, /^[\d:.]{12} r2:eth0 > r1:eth0 \(\d+\) Update \[ announced: \[ 10\.0\.2\.0\/24 \]/m);
  t.notMatch(stdout, /cannot be read|malformed/);
});

t.test("packets are recorded, by a filter, until the lab is gone", async (t) => {
  const lab = "e2e-recorded";
  const file = join(t.testdir(), "packets");
  t.equal((await fe80("up", topology(t, "seed-pair", lab), "-q")).exit, 0);
  const recording = start("capture", lab, "r1:eth0", "-w", file, "tcp", "port", "179");
  await until(() => existsSync(file) && readFileSync(file).length > 400);
  t.equal((await fe80("exec", lab, "r1", "--", "ping", "-c1", "fe80::2%eth0")).exit, 0);
  t.equal((await fe80("down", lab)).exit, 0);
  t.equal((await recording.ended).exit, 0);
  t.equal(readFileSync(file).readUInt32BE(0), 0x0a0d0d0a, "pcapng");
  const lines = packetsIn(["-r", file]);
  t.ok(lines.length > 1 && lines.every((line) => / fe80::[12]\.179[ :]/.test(line)), lines.join("\n"));
});

t.test("packets go into a pipe, until Ctrl-C", async (t) => {
  const lab = "e2e-piped";
  t.equal((await fe80("up", topology(t, "seed-pair", lab), "-q")).exit, 0);
  const recording = spawn("./fe80", ["capture", lab, "r1:eth0", "-w", "-"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const chunks: Buffer[] = [];
  recording.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  await until(() => Buffer.concat(chunks).length > 400);
  recording.kill("SIGINT");
  const [exit] = await once(recording, "close");
  t.equal(exit, 0);
  t.ok(packetsIn(["-r", "-"], Buffer.concat(chunks)).length > 1);
});

t.test("a filter that is none is an error with tcpdump's words", async (t) => {
  const lab = "e2e-filter";
  t.equal((await fe80("up", topology(t, "seed-pair", lab), "-q")).exit, 0);
  const { exit, stderr } = await fe80("capture", lab, "r1:eth0", "-w", "-", "tcp", "prot");
  t.equal(exit, 1);
  t.match(stderr, /^error: tcpdump .*\n.*(syntax error|can't parse)/);
});

/** What tcpdump makes of a recording, a line a packet. */
function packetsIn(args: readonly string[], input?: Buffer): string[] {
  const { stdout } = spawnSync("tcpdump", ["-n", ...args], { input, encoding: "utf8" });
  return stdout.trim().split("\n");
}
