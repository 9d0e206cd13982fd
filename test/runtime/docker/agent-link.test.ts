import { Duplex } from "node:stream";
import t from "tap";
import { AgentLink } from "../../../src/runtime/docker/agent-link.ts";
import type { AgentOutput } from "../../../src/runtime/docker/agent-protocol.ts";
import { EagerClock } from "../../support/eager-clock.ts";

/** What a container writes, as an engine sends it (Engine API, "Stream format"). */
function frame(type: 1 | 2, text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = type;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

/** A link, what its agent was told, and how it ends. */
function linked() {
  const { promise: ended, resolve: onEnd } = Promise.withResolvers<void>();
  const told: object[] = [];
  const stream = new Duplex({
    read: () => {},
    write: (chunk, _encoding, done) => {
      told.push(JSON.parse(String(chunk)));
      done();
    },
  });
  const link = new AgentLink(stream, { clock: new EagerClock(), onEnd });
  const say = (message: object) => void stream.push(frame(1, `${JSON.stringify(message)}\n`));
  return { link, told, stream, say, ended };
}

const work = { type: "work", name: "survey", args: [] } as const;

t.test("answers reach whoever asked, in whatever order they come", async (t) => {
  const { link, told, say } = linked();
  const answers = [1, 2].map(() => new Promise<AgentOutput>((resolve) => void link.request(work, resolve)));
  t.strictSame(told, [
    { ...work, id: 1 },
    { ...work, id: 2 },
  ]);
  say({ id: 2, type: "done", value: "second" });
  say({ id: 1, type: "done", value: "first" });
  t.strictSame(await Promise.all(answers), [
    { type: "done", value: "first" },
    { type: "done", value: "second" },
  ]);
});

t.test("an agent that nobody has asked for a while is let go", async (t) => {
  const { link, stream, ended } = linked();
  link.forget(link.request(work, () => {}));
  await ended;
  t.ok(stream.writableEnded);
});

t.test("an agent that ends before it has answered has failed, with its last words", async (t) => {
  const { link, stream, ended } = linked();
  const answer = new Promise<AgentOutput>((resolve) => void link.request(work, resolve));
  stream.push(frame(2, "no memory\n"));
  stream.push(null);
  t.strictSame(await answer, {
    type: "failed",
    code: "ENGINE_FAILED",
    message: "an agent has ended too soon: no memory",
  });
  await ended;
});
