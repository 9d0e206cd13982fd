import { execFileSync } from "node:child_process";
import t from "tap";
import { inNetns } from "../../src/linux/netns.ts";
import { dropIncoming, droppingInterfaces, takeIncoming } from "../../src/linux/nf-tables.ts";
import { type End, pair } from "./sandbox.ts";

/** Whether an echo request of one end is answered in time. */
function reaches(from: End, to: End, seconds: number): boolean {
  const command = ["-n", "-q", "-c", "1", "-W", `${seconds}`, `${to.address}%eth0`];
  try {
    inNetns(from.netns, () => execFileSync("ping", command, { stdio: "ignore" }));
    return true;
  } catch {
    return false;
  }
}

t.test("an interface takes nothing in until it is told to again, and says so", async (t) => {
  const [a, b] = pair(t).ends;
  t.ok(reaches(a, b, 5));
  t.strictSame(droppingInterfaces(b.netns), []);
  for (let times = 0; times < 2; times++) {
    dropIncoming(b.netns, "eth0");
    dropIncoming(b.netns, "eth0");
    t.strictSame([droppingInterfaces(a.netns), droppingInterfaces(b.netns)], [[], ["eth0"]]);
    t.notOk(reaches(a, b, 0.2));
    takeIncoming(b.netns, "eth0");
    takeIncoming(b.netns, "eth0");
    t.strictSame(droppingInterfaces(b.netns), []);
    t.ok(reaches(a, b, 5));
  }
});

t.test("it goes on while the interface is down, and ours are the only tables that count", async (t) => {
  const [a, b] = pair(t).ends;
  const inside = (...command: string[]) =>
    inNetns(b.netns, () => execFileSync(command[0] ?? "", command.slice(1), { encoding: "utf8" }));
  inside("ip", "link", "set", "eth0", "down");
  dropIncoming(b.netns, "eth0");
  inside("ip", "link", "set", "eth0", "up");
  t.notOk(reaches(a, b, 0.2));
  if (hasNft()) {
    inside("nft", "add", "table", "inet", "mine");
    t.match(inside("nft", "list", "table", "netdev", "fe80.eth0"), /ingress device "eth0" .*policy drop/);
  }
  t.strictSame(droppingInterfaces(b.netns), ["eth0"]);
});

t.test("a namespace that is not there is an error", async (t) => {
  const nowhere = "/run/netns/nowhere";
  t.throws(() => dropIncoming(nowhere, "eth0"), { code: "SYSTEM_CALL_FAILED", message: /nowhere: ENOENT/ });
  t.throws(() => droppingInterfaces(nowhere), { code: "SYSTEM_CALL_FAILED" });
});

function hasNft(): boolean {
  try {
    execFileSync("nft", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
