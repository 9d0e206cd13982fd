import { execFile } from "node:child_process";
import { promisify } from "node:util";
import t from "tap";
import type { FileDescriptor } from "../../src/linux/file-descriptor.ts";
import { Icmp6Socket } from "../../src/linux/icmp6.ts";
import { Poller } from "../../src/linux/poller.ts";
import { addAddress } from "../../src/linux/rtnetlink/address.ts";
import { Rtnetlink } from "../../src/linux/rtnetlink/rtnetlink.ts";
import { netlinkSocket, receiveDatagram } from "../../src/linux/rtnetlink/socket.ts";
import type { Address } from "../../src/net/address.ts";
import { netns } from "./sandbox.ts";

const LO = 1;
const RTMGRP_IPV6_IFADDR = 0x100;

/** Hears of addresses. */
const hears = (path: string) => netlinkSocket(path, { groups: RTMGRP_IPV6_IFADDR });

/** Reads all there is. @returns whether there was anything */
function read(fd: number): boolean {
  let some = false;
  while (receiveDatagram(fd)) some = true;
  return some;
}

function addTo(path: string, address: string): void {
  using rtnetlink = Rtnetlink.open(path);
  rtnetlink.request([addAddress({ ifindex: LO, address: address as Address, length: 128 })]);
}

t.test("a descriptor may be added while another is waited for", async (t) => {
  using poller = new Poller();
  const [a, b] = [netns(t), netns(t)];
  using first = hears(a);
  using second = hears(b);
  const heard: string[] = [];
  const both = new Promise<void>((resolve) => {
    const hear =
      (name: string, { fd }: FileDescriptor) =>
      () => {
        if (read(fd)) heard.push(name);
        if (heard.length === 2) resolve();
      };
    t.teardown(() => poller[Symbol.dispose]());
    poller.watch(first.fd, hear("first", first));
    poller.watch(second.fd, hear("second", second));
  });
  addTo(b, "2001:db8::b");
  addTo(a, "2001:db8::a");
  await both;
  t.same(heard.sort(), ["first", "second"]);
});

t.test("a callback that reads nothing is called again, and keeps nobody else from their turn", async (t) => {
  using poller = new Poller();
  const path = netns(t);
  using stubborn = hears(path);
  using polite = hears(path);
  let calls = 0;
  addTo(path, "2001:db8::1");
  await new Promise<void>((resolve) => {
    poller.watch(stubborn.fd, () => {
      if (++calls > 3) poller.watch(polite.fd, () => read(polite.fd) && resolve());
      if (calls > 3) read(stubborn.fd);
    });
  });
  t.ok(calls > 3);
});

t.test("what is no longer watched is no longer called, and may be watched anew", async (t) => {
  using poller = new Poller();
  const path = netns(t);
  using monitor = hears(path);
  const watch = poller.watch(monitor.fd, () => t.fail("called after the end"));
  t.throws(() => poller.watch(monitor.fd, () => {}), { message: /watched already/ });
  watch[Symbol.dispose]();
  watch[Symbol.dispose]();
  addTo(path, "2001:db8::1");
  await new Promise<void>((resolve) => {
    const again = poller.watch(monitor.fd, () => {
      again[Symbol.dispose]();
      resolve();
    });
  });
  t.throws(() => {
    poller[Symbol.dispose]();
    poller.watch(monitor.fd, () => {});
  });
});

/** How a Node process ends that watches a socket on which nothing happens, and then does `what`. */
async function endOf(what: string): Promise<number> {
  const program = `
    import { Poller } from "./src/linux/poller.ts";
    import { Icmp6Socket } from "./src/linux/icmp6.ts";
    const poller = new Poller();
    const socket = Icmp6Socket.open(null);
    const watch = poller.watch(socket.fd, () => socket.receive());
    setImmediate(() => { ${what} });
  `;
  const options = { timeout: 20_000, cwd: `${import.meta.dirname}/../..` };
  const child = promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], options);
  return child.then(
    () => 0,
    (error: { code: number | null }) => error.code ?? -1,
  );
}

t.test("a process that watches something ends as it likes", async (t) => {
  const [exit, thrown, unwatched, disposed] = await Promise.all([
    endOf("process.exit(3)"),
    endOf("throw new Error('uncaught')"),
    endOf("watch[Symbol.dispose]()"),
    endOf("poller[Symbol.dispose]()"),
  ]);
  t.equal(exit, 3, "by process.exit");
  t.equal(thrown, 1, "by an uncaught error");
  t.equal(unwatched, 0, "by having nothing to watch any more");
  t.equal(disposed, 0, "by disposing of the poller");
});

t.test("an error in a callback is uncaught, as in any other", async (t) => {
  const what = `
    watch[Symbol.dispose]();
    poller.watchWritable(socket.fd, () => { throw new Error("in a callback"); });
  `;
  t.equal(await endOf(what), 1);
});

t.test("a poller that never watched closes at once", async (t) => {
  const poller = new Poller();
  poller[Symbol.dispose]();
  poller[Symbol.dispose]();
  using socket = Icmp6Socket.open(null);
  t.throws(() => poller.watch(socket.fd, () => {}), { message: /disposed/ });
});
