import { createHash } from "node:crypto";
import t from "tap";
import { findEngine, mayBeThere } from "../../../src/runtime/docker/engine-address.ts";

const idOf = (context: string) => createHash("sha256").update(context).digest("hex");

const found = (variables: Record<string, string>, home = "/nowhere") => findEngine({ variables, home });

t.test("without a word it is where engines usually are, and need not be there", async (t) => {
  t.strictSame(found({}), { url: "unix:///var/run/docker.sock", certificates: undefined, isNamed: false });
  const home = t.testdir({ ".docker": { run: { "docker.sock": "" } } });
  t.equal(found({}, home).url, `unix://${home}/.docker/run/docker.sock`, "Docker Desktop's");
  t.ok(mayBeThere({ variables: {}, home }));
  t.ok(mayBeThere({ variables: { DOCKER_HOST: "unix:///nowhere" }, home: "/nowhere" }), "it is named");
});

t.test("DOCKER_HOST goes over all else", async (t) => {
  const variables = { DOCKER_HOST: "unix:///run/other.sock", DOCKER_CONTEXT: "far" };
  t.strictSame(options(variables), { socketPath: "/run/other.sock" });
  t.strictSame(options({ DOCKER_HOST: "tcp://192.0.2.1" }), {
    protocol: "http",
    host: "192.0.2.1",
    port: 2375,
  });
  t.match(options({ DOCKER_HOST: "engine:99" }), { host: "engine", port: "99" });
  t.match(options({ DOCKER_HOST: "ssh://me@far", SSH_AUTH_SOCK: "/agent" }), {
    protocol: "ssh",
    host: "far",
    port: 22,
    username: "me",
    sshOptions: { agent: "/agent" },
  });
});

t.test("TLS has its certificates where Docker has them, or where it is told", async (t) => {
  const files = { "ca.pem": "ca", "cert.pem": "cert", "key.pem": "key" };
  const home = t.testdir({ ".docker": files, own: { ...files } });
  const secure = { DOCKER_HOST: "tcp://engine", DOCKER_TLS_VERIFY: "1" };
  const tls = { protocol: "https", host: "engine", port: 2376, key: Buffer.from("key") };
  t.match(options(secure, home), tls);
  t.match(options({ ...secure, DOCKER_CERT_PATH: `${home}/own` }, home), tls);
  t.throws(() => options({ ...secure, DOCKER_CERT_PATH: "/nowhere" }, home), {
    code: "ENGINE_ADDRESS_INVALID",
    message: /^the certificates in \/nowhere cannot be read: ENOENT/,
  });
});

t.test("a context is the one that was chosen, or that a variable names", async (t) => {
  const meta = (host: string) => ({
    "meta.json": JSON.stringify({ Name: "any", Endpoints: { docker: { Host: host } } }),
  });
  const home = t.testdir({
    ".docker": {
      "config.json": JSON.stringify({ currentContext: "far" }),
      contexts: {
        meta: { [idOf("far")]: meta("ssh://far"), [idOf("near")]: meta("tcp://near:1") },
        tls: { [idOf("near")]: { docker: { "ca.pem": "a", "cert.pem": "b", "key.pem": "c" } } },
      },
    },
  });
  t.match(found({}, home), { url: "ssh://far", certificates: undefined, isNamed: true });
  t.match(options({ DOCKER_CONTEXT: "near" }, home), { protocol: "https", host: "near", port: "1" });
  t.equal(found({ DOCKER_CONTEXT: "default" }, home).isNamed, false);
  t.throws(() => found({ DOCKER_CONTEXT: "none" }, home), {
    code: "ENGINE_ADDRESS_INVALID",
    message: "there is no Docker context none",
    hint: /docker context ls/,
  });
});

t.test("what cannot be an address is told", async (t) => {
  const broken = t.testdir({ ".docker": { "config.json": "{" } });
  t.throws(() => found({}, broken), { message: /config\.json cannot be read: / });
  for (const url of ["gopher://engine", "tcp://[::1"]) {
    t.throws(() => options({ DOCKER_HOST: url }), { message: /is no address of a Docker Engine/ }, url);
  }
});
