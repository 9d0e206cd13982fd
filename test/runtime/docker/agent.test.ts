import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { PassThrough } from "node:stream";
import t, { type Test } from "tap";
import { linesOf } from "../../../src/bgp/control/lines.ts";
import { serveAgent } from "../../../src/runtime/docker/agent.ts";
import type { AgentInput } from "../../../src/runtime/docker/agent-protocol.ts";
import { EagerClock } from "../../support/eager-clock.ts";

/** An agent of this process, whose own mounts it takes for those of a container. */
function startAgent() {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const ended = serveAgent({ input, output }, new EagerClock());
  const lines = linesOf(output.setEncoding("utf8"));
  return {
    ended,
    say: (id: number, message: AgentInput) => void input.write(`${JSON.stringify({ ...message, id })}\n`),
    hear: async () => JSON.parse((await lines.next()).value ?? "null") as object,
    end: () => input.end(),
  };
}

/** A Unix socket; its path, and whoever connects. */
async function listen(t: Test) {
  const directory = mkdtempSync(`${tmpdir()}/fe80-agent-`);
  t.teardown(() => rmSync(directory, { recursive: true }));
  const { promise: connected, resolve } = Promise.withResolvers<Socket>();
  const server = createServer(resolve);
  t.teardown(() => server.close());
  const path = `${directory}/socket`;
  const open = () => new Promise<void>((opened) => server.listen(path, opened));
  return { path, open, connected };
}

const connect = (path: string) => ({ type: "connect", pid: process.pid, path }) as const;

t.test("text passes to and from a socket in a container until an end is closed", async (t) => {
  const agent = startAgent();
  const { path, open, connected } = await listen(t);
  await open();
  agent.say(7, connect(path));
  t.strictSame(await agent.hear(), { id: 7, type: "done" });
  const far = (await connected).setEncoding("utf8");
  agent.say(7, { type: "text", text: "ü\n" });
  t.strictSame(await new Promise((resolve) => far.once("data", resolve)), "ü\n");
  far.write("one\ntwo");
  t.strictSame(await agent.hear(), { id: 7, type: "text", text: "one\ntwo" });
  far.end();
  t.strictSame(await agent.hear(), { id: 7, type: "ended" });
  agent.end();
  await agent.ended;
});

t.test("connections go with the agent, and with whoever wanted them", async (t) => {
  for (const over of ["end", "agent"]) {
    const agent = startAgent();
    const { path, open, connected } = await listen(t);
    await open();
    agent.say(1, connect(path));
    t.match(await agent.hear(), { type: "done" });
    const closed = new Promise((resolve) => connected.then((far) => far.resume().once("close", resolve)));
    if (over === "end") agent.say(1, { type: "end" });
    else agent.end();
    await closed;
    agent.end();
    await agent.ended;
  }
});

t.test("a socket that nobody has made after a while is told", async (t) => {
  const agent = startAgent();
  agent.say(1, connect("/nowhere/socket"));
  t.strictSame(await agent.hear(), { id: 1, type: "ended", code: "ENOENT" });
  agent.end();
  await agent.ended;
});

t.test("what cannot be done is told with its code, and is not the end", async (t) => {
  const agent = startAgent();
  agent.say(1, { type: "work", name: "machineFacts", args: [0] });
  t.match(await agent.hear(), { id: 1, type: "failed", code: /./, message: /./ });
  agent.say(2, { type: "work", name: "stateOf", args: [{ pid: process.pid, name: "nobody" }] });
  t.strictSame(await agent.hear(), { id: 2, type: "done", value: "ended" });
  agent.end();
  await agent.ended;
});
