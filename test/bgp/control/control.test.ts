import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import t from "tap";
import {
  command,
  readRoutes,
  readSession,
  readStatus,
  watchStatus,
} from "../../../src/bgp/control/client.ts";
import { type Command, parseRequest } from "../../../src/bgp/control/request.ts";
import type { RouteDetail, RouteQuery } from "../../../src/bgp/control/route-detail.ts";
import { ControlServer, type ControlSource } from "../../../src/bgp/control/server.ts";
import type { SessionDetail } from "../../../src/bgp/control/session-detail.ts";
import type { RouterStatus, Status, StatusEvent } from "../../../src/bgp/control/status.ts";
import type { RouterId } from "../../../src/net/address.ts";
import { asn } from "../../../src/net/asn.ts";
import { prefix } from "../../../src/net/prefix.ts";

const status: Status = {
  routers: [{ router: "r1", asn: asn(64512), routerId: "0.0.0.1" as RouterId }],
  sessions: [],
  routes: [],
};
const known = { router: "r1", session: "eth0" };
const session = { ...known, state: "Idle" } as SessionDetail;
const route = { prefix: prefix("10.0.0.0/8"), state: "best" } as RouteDetail;
const source: ControlSource = {
  status: () => status,
  session: (end) => (end.router === "r1" && end.session === "eth0" ? session : undefined),
  routes: ({ router }) => (router === "r1" ? Array.from({ length: 1001 }, () => route) : undefined),
  async execute(command) {
    if (command.router !== "r1") return undefined;
    if (command.type === "remove") return { effects: ["reset"] };
    if (command.type !== "reconfigure")
      return command.session === "eth0" ? { effects: ["reset"] } : undefined;
    return command.config === 7 ? { mistakes: ["no map", "no sense"] } : { effects: ["live"] };
  },
};
const change: StatusEvent = { type: "routeGone", router: "r1", prefix: prefix("10.0.0.0/8") };

/** A path for a socket, in a directory that goes with the test. */
function socketPath(t: { teardown(undo: () => void): void }): string {
  const directory = mkdtempSync(join(tmpdir(), "fe80-control-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  return join(directory, "speaker.sock");
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const deadline = () => AbortSignal.timeout(10_000);

t.test("a client reads the status", async (t) => {
  const path = socketPath(t);
  await using _server = await ControlServer.listen(path, source);
  t.strictSame(await readStatus(path, {}, deadline()), { type: "status", ...status });
});

t.test("a watcher gets the status first, then each change, until the speaker ends", async (t) => {
  const path = socketPath(t);
  const server = await ControlServer.listen(path, source);
  const events: StatusEvent[] = [];
  for await (const event of watchStatus(path, "all", deadline())) {
    events.push(event);
    if (event.type === "status") server.publish([change]);
    else await server[Symbol.asyncDispose]();
  }
  t.strictSame(events, [{ type: "status", ...status }, change]);
});

t.test("a watcher hears of the routes that it asked for alone, and of digests", async (t) => {
  const path = socketPath(t);
  const server = await ControlServer.listen(path, source);
  const other: StatusEvent = { type: "routeGone", router: "r1", prefix: prefix("10.1.0.0/16") };
  const [first] = status.routers;
  const digest: StatusEvent = {
    type: "router",
    router: { ...first, digest: "00" } as RouterStatus,
  };
  t.equal(server.interests, undefined);
  const events: StatusEvent[] = [];
  for await (const event of watchStatus(path, new Set([prefix("10.0.0.0/8")]), deadline())) {
    events.push(event);
    if (event.type === "status") {
      t.strictSame(server.interests, { routes: new Set(["10.0.0.0/8"]), digests: true });
      server.publish([other, change, digest]);
    }
    if (event.type === "router") await server[Symbol.asyncDispose]();
  }
  t.strictSame(events, [{ type: "status", ...status }, change, digest]);
});

t.test("a watcher that is told to stop stops", async (t) => {
  const path = socketPath(t);
  await using _server = await ControlServer.listen(path, source);
  const stop = new AbortController();
  const watching = async () => {
    for await (const _event of watchStatus(path, "all", stop.signal)) stop.abort(new Error("enough"));
  };
  await t.rejects(watching(), { message: "enough" });
});

t.test("a client reads all of one session, and hears if there is none", async (t) => {
  const path = socketPath(t);
  await using _server = await ControlServer.listen(path, source);
  t.strictSame(await readSession(path, known, deadline()), session);
  await t.rejects(readSession(path, { router: "r1", session: "eth9" }, deadline()), {
    code: "SPEAKER_UNREACHABLE",
    message: `the speaker at ${path} does not tell: no session r1:eth9`,
  });
});

t.test(
  "a client has something done to a session, and hears what that led to, or why it was not done",
  async (t) => {
    const path = socketPath(t);
    await using _server = await ControlServer.listen(path, source);
    const run = (request: Command) => command(path, request, deadline());
    t.strictSame(await run({ type: "reconfigure", router: "r1", config: {} }), ["live"]);
    t.strictSame(await run({ type: "reset", ...known, communication: "" }), ["reset"]);
    t.strictSame(await run({ type: "remove", router: "r1" }), ["reset"]);
    await t.rejects(run({ type: "reconfigure", router: "r1", config: 7 }), {
      message: /: no map; no sense$/,
    });
    await t.rejects(run({ type: "refresh", router: "r1", session: "eth9" }), {
      message: /: no session r1:eth9$/,
    });
    await t.rejects(run({ type: "remove", router: "r9" }), { message: /: no router r9$/ });
  },
);

t.test("nobody there is one clear error", async (t) => {
  const path = socketPath(t);
  const expected = { code: "SPEAKER_UNREACHABLE", message: `the speaker at ${path} cannot be asked: ENOENT` };
  await t.rejects(readStatus(path, {}, deadline()), expected);
});

t.test("a speaker that ends without an answer is an error, too", async (t) => {
  const path = socketPath(t);
  const server = createServer((client) => client.destroy());
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.teardown(() => server.close());
  await t.rejects(readStatus(path, {}, deadline()), { code: "SPEAKER_UNREACHABLE" });
});

t.test("a request that is none is answered with what one may say", async (t) => {
  const path = socketPath(t);
  await using _server = await ControlServer.listen(path, source);
  const client = connect(path);
  t.teardown(() => client.destroy());
  for (const line of [
    "hello",
    "null",
    "{}",
    '{"type":"stop"}',
    '{"type":"session","router":1}',
    '{"type":"reset","router":"r","session":"e","communication":1}',
  ])
    client.write(`${line}\n`);
  const answers: unknown[] = [];
  for await (const line of createInterface({ input: client })) {
    if (answers.push(JSON.parse(line)) === 6) break;
  }
  t.match(answers, Array(6).fill({ type: "error", message: /^say / }));
});

t.test("a socket file left behind is in nobody's way", async (t) => {
  const path = socketPath(t);
  writeFileSync(path, "");
  await using _server = await ControlServer.listen(path, source);
  t.match(await readStatus(path, {}, deadline()), { routers: [{ router: "r1" }] });
});

t.test("routes come in parts, as many as it takes", async (t) => {
  const path = socketPath(t);
  await using _server = await ControlServer.listen(path, source);
  const query: RouteQuery = { router: "r1", prefix: null, table: "adjRibIn", session: "eth0" };
  const parts = await collect(readRoutes(path, query, deadline()));
  t.strictSame(
    parts.map((part) => part.length),
    [500, 500, 1],
  );
  t.strictSame(parts[2]?.[0], route);
  const elsewhere = readRoutes(path, { ...query, router: "r2" }, deadline());
  await t.rejects(collect(elsewhere), { message: /does not tell: no session r2:eth0$/ });
  const nowhere = readRoutes(path, { ...query, router: "r2", session: null, table: "locRib" }, deadline());
  await t.rejects(collect(nowhere), { message: /does not tell: no router r2$/ });
});

t.test("a request for routes must say which", (t) => {
  const routes = { type: "routes", router: "r1" };
  const all = { ...routes, prefix: null, table: "locRib", session: null };
  const cases: [object, object | undefined][] = [
    [routes, all],
    [
      { ...routes, prefix: "10.0.0.0/8", session: "eth0" },
      { ...all, prefix: "10.0.0.0/8" },
    ],
    [{ ...routes, prefix: "10.0.0.1/8" }, undefined],
    [{ ...routes, prefix: 7 }, undefined],
    [
      { ...routes, table: "adjRibOut", session: "eth0" },
      { ...all, table: "adjRibOut", session: "eth0" },
    ],
    [{ ...routes, table: "adjRibIn" }, undefined],
    [{ ...routes, table: "rib", session: "eth0" }, undefined],
    [{ type: "routes" }, undefined],
    [
      { type: "reconfigure", router: "r1", config: { policies: {} } },
      { type: "reconfigure", router: "r1", config: { policies: {} } },
    ],
    [
      { type: "remove", router: "r1", session: "eth0" },
      { type: "remove", router: "r1" },
    ],
  ];
  for (const [said, heard] of cases)
    t.strictSame(parseRequest(JSON.stringify(said)), heard, JSON.stringify(said));
  t.end();
});
