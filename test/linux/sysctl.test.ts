import { readFileSync } from "node:fs";
import t from "tap";
import { inNetns } from "../../src/linux/netns.ts";
import { ROUTER_SYSCTLS, setSysctls } from "../../src/linux/sysctl.ts";
import { netns } from "./sandbox.ts";

const read = (path: string | null, name: string) =>
  inNetns(path, () => Number(readFileSync(`/proc/sys/net/${name}`, "utf8")));

t.test("a router's settings hold in its namespace, and only there", async (t) => {
  const before = read(null, "ipv6/conf/default/addr_gen_mode");
  const path = netns(t);
  for (const [name, value] of Object.entries(ROUTER_SYSCTLS)) t.equal(read(path, name), value, name);
  t.equal(read(null, "ipv6/conf/default/addr_gen_mode"), before);
});

t.test("a setting that does not exist is named", async (t) => {
  const path = netns(t);
  t.throws(() => setSysctls(path, { "ipv6/no/such": 1 }), {
    name: "SystemError",
    errnoName: "ENOENT",
    object: `1 to /proc/sys/net/ipv6/no/such in ${path}`,
  });
});
