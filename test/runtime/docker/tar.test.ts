import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { tar } from "../../../src/runtime/docker/tar.ts";

t.test("tar(1) reads files with their directories and rights", async (t) => {
  const directory = t.testdir();
  const long = `/run/fe80/${"a".repeat(60)}/${"b".repeat(60)}.conf`;
  const files = [
    { path: "/run/fe80/lab/frr-1/bgpd.conf", text: "router bgp 1\n" },
    { path: "/run/fe80/lab/empty", text: "" },
    { path: long, text: "ü".repeat(600) },
  ];
  const { status, stderr } = spawnSync("tar", ["-x", "-p", "-C", directory], { input: tar(files) });
  t.equal(status, 0, stderr.toString());
  for (const { path, text } of files) {
    t.equal(readFileSync(join(directory, path), "utf8"), text, path);
    t.equal(statSync(join(directory, path)).mode & 0o777, 0o600, path);
  }
  t.equal(statSync(join(directory, "run/fe80/lab/frr-1")).mode & 0o777, 0o755);
  t.strictSame(readdirSync(join(directory, "run/fe80/lab")).sort(), ["empty", "frr-1"]);
});

t.test("a path that no archive can hold is a bug", async (t) => {
  t.throws(() => tar([{ path: `/run/${"a".repeat(120)}`, text: "" }]), RangeError);
});
