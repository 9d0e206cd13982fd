import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import t, { type Test } from "tap";
import { Engine } from "../../../src/runtime/docker/engine.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** An engine that answers as told, on a socket of its own. */
async function engineWith(t: Test, answer: Answer): Promise<Engine> {
  // Not in the test's own directory, whose name is longer than a socket's path can be (unix(7)).
  const directory = mkdtempSync(join(tmpdir(), "fe80-engine-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  const socketPath = join(directory, "docker.sock");
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  t.teardown(() => server.close());
  return new Engine(`unix://${socketPath}`, new Docker({ socketPath }));
}

function say(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

const { signal } = new AbortController();

t.test("who does not answer, or does not let us in, is named with what to do", async (t) => {
  const nowhere = new Engine("unix:///nowhere", new Docker({ socketPath: "/nowhere" }));
  await t.rejects(nowhere.ping(), {
    code: "ENGINE_UNREACHABLE",
    message: "no Docker Engine answers at unix:///nowhere: ENOENT",
    hint: /DOCKER_HOST/,
  });
  const denied = Object.assign(new Error("connect EACCES"), { code: "EACCES", syscall: "connect" });
  const closed = { ping: () => Promise.reject(denied) } as unknown as Docker;
  await t.rejects(new Engine("unix:///closed", closed).ping(), {
    message: "you may not use the Docker Engine at unix:///closed",
    hint: /group docker/,
  });
});

t.test("what goes wrong on the way to an engine is no bug, and has a hint of its own", async (t) => {
  const causes: [error: object, message: RegExp, hint: RegExp][] = [
    [{ code: "SELF_SIGNED_CERT_IN_CHAIN" }, /answers at tcp:\/\/far: SELF_SIGNED/, /ca\.pem vouches for/],
    [{ code: "ERR_TLS_CERT_ALTNAME_INVALID" }, /ALTNAME/, /is it that engine/],
    [{ code: "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED" }, /REQUIRED/, /cert\.pem and key\.pem/],
    [{ code: "EPROTO" }, /EPROTO/, /unset DOCKER_TLS_VERIFY/],
    [{ code: "ECONNRESET" }, /ECONNRESET/, /^it hung up/],
    [{ code: "ECONNREFUSED" }, /ECONNREFUSED/, /is it running\?/],
  ];
  for (const [error, message, hint] of causes) {
    const docker = {
      ping: () => Promise.reject(Object.assign(new Error("words"), error)),
    } as unknown as Docker;
    await t.rejects(new Engine("tcp://far", docker).ping(), { code: "ENGINE_UNREACHABLE", message, hint });
  }
  const words = "(HTTP code 400) unexpected - Client sent an HTTP request to an HTTPS server.";
  const secure = { ping: () => Promise.reject(Object.assign(new Error(words), { statusCode: 400 })) };
  await t.rejects(new Engine("tcp://far", secure as unknown as Docker).ping(), {
    code: "ENGINE_UNREACHABLE",
    hint: /^set DOCKER_TLS_VERIFY=1/,
  });
});

t.test("what an engine refuses is told in its words", async (t) => {
  const engine = await engineWith(t, (_, response) => say(response, 500, { message: "no space left" }));
  await t.rejects(engine.containers(), {
    code: "ENGINE_FAILED",
    message: /^list containers: .*no space left$/,
  });
  await t.rejects(engine.requireImage("any", { pull: true, signal }), { code: "ENGINE_FAILED" });
});

t.test("a bug is not hidden behind the engine", async (t) => {
  const engine = await engineWith(t, (_, response) => say(response, 200, {}));
  await t.rejects(
    engine.work("nothing", () => Promise.reject(new TypeError("mine"))),
    TypeError,
  );
});

t.test("an image is pulled if it is a user's, and ours is built", async (t) => {
  const asked: string[] = [];
  const engine = await engineWith(t, ({ method, url = "" }, response) => {
    asked.push(`${method} ${url.replace(/\?.*/, "")}`);
    if (method === "GET") return say(response, asked.length > 3 ? 200 : 404, { message: "no such image" });
    const done = url.includes("frr") ? {} : { error: "not found" };
    response.end(`${JSON.stringify({ status: "pulling" })}\n${JSON.stringify(done)}\n`);
  });
  await t.rejects(engine.requireImage("fe80/frr:1", { pull: false, signal }), {
    code: "IMAGE_MISSING",
    message: "the Docker Engine has no image fe80/frr:1",
    hint: /make images/,
  });
  await engine.requireImage("quay.io/frr:1", { pull: true, signal });
  await engine.requireImage("quay.io/frr:1", { pull: true, signal });
  t.strictSame(asked, [
    "GET /images/fe80/frr:1/json",
    "GET /images/quay.io/frr:1/json",
    "POST /images/create",
    "GET /images/quay.io/frr:1/json",
  ]);
});

t.test("only a few containers are worked on at once, and all are in the end", async (t) => {
  let [now, most] = [0, 0];
  const engine = new Engine("unix:///any", {} as Docker);
  const work = async () => {
    most = Math.max(most, ++now);
    await new Promise(setImmediate);
    now--;
  };
  await Promise.all(Array.from({ length: 30 }, () => engine.work("any", work)));
  t.strictSame([now, most], [0, 8]);
});
