import { existsSync, statSync, writeFileSync } from "node:fs";
import t from "tap";
import {
  createNetns,
  deleteNetns,
  inNetns,
  listNetns,
  netnsInode,
  netnsPath,
} from "../../src/linux/netns.ts";
import { SystemError } from "../../src/linux/system-error.ts";
import { netns } from "./sandbox.ts";

const ownInode = () => statSync("/proc/thread-self/ns/net").ino;

t.test("a namespace is made, listed and deleted, and this thread stays where it was", async (t) => {
  const before = ownInode();
  const name = `fe80test.${process.pid}.made`;
  t.teardown(() => deleteNetns(name));
  createNetns(name);
  t.equal(ownInode(), before);
  t.ok(listNetns().includes(name));
  t.type(netnsInode(netnsPath(name)), "number");
  t.not(netnsInode(netnsPath(name)), before);
  deleteNetns(name);
  t.notOk(listNetns().includes(name));
  t.equal(netnsInode(netnsPath(name)), undefined);
});

t.test("a name that is taken is refused, and what has it stays", async (t) => {
  const path = netns(t);
  const inode = netnsInode(path);
  const name = path.slice(path.lastIndexOf("/") + 1);
  t.throws(() => createNetns(name), { name: "SystemError", errnoName: "EEXIST", call: "open", object: path });
  t.equal(netnsInode(path), inode);
});

t.test("what is to be done inside is done there, and undone if it fails", async (t) => {
  const before = ownInode();
  const name = `fe80test.${process.pid}.body`;
  t.teardown(() => deleteNetns(name));
  let inside = 0;
  createNetns(name, () => {
    inside = ownInode();
  });
  t.equal(netnsInode(netnsPath(name)), inside);
  t.equal(ownInode(), before);
  deleteNetns(name);
  const fail = () => {
    throw new Error("inside");
  };
  t.throws(() => createNetns(name, fail), { message: "inside" });
  t.equal(ownInode(), before);
  t.notOk(listNetns().includes(name));
});

t.test("deleting copes with what is half-made, and with what is gone", async (t) => {
  const name = `fe80test.${process.pid}.half`;
  netns(t); // so that the directory exists
  writeFileSync(netnsPath(name), "");
  t.equal(netnsInode(netnsPath(name)), undefined, "a file is no namespace");
  deleteNetns(name);
  t.notOk(existsSync(netnsPath(name)));
  t.doesNotThrow(() => deleteNetns(name));
});

t.test("the body runs inside, and the thread comes back from a result and from an error", async (t) => {
  const path = netns(t);
  const other = netns(t);
  const before = ownInode();
  t.equal(inNetns(path, ownInode), netnsInode(path));
  t.throws(
    () =>
      inNetns(path, () => {
        throw new Error("inside");
      }),
    { message: "inside" },
  );
  t.equal(ownInode(), before);
  t.same(
    inNetns(path, () => [inNetns(other, ownInode), ownInode()]),
    [netnsInode(other), netnsInode(path)],
    "nested",
  );
  t.equal(inNetns(null, ownInode), before);
});

t.test("entering a namespace that is not there names it", async (t) => {
  const path = netnsPath("fe80test.nowhere");
  t.throws(() => inNetns(path, () => 0), new SystemError({ call: "open", object: path, errno: 2 }));
  t.match(new SystemError({ call: "open", object: path, errno: 2 }), {
    message: `open ${path}: ENOENT (no such file or directory)`,
    code: "SYSTEM_CALL_FAILED",
  });
});
