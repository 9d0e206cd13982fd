import { createHash } from "node:crypto";
import t from "tap";
import { findEngine, mayBeThere } from "../../../src/runtime/docker/engine-address.ts";

const idOf = (context: string) => createHash("sha256").update(context).digest("hex");

const found = (variables: Record<string, string>, home = "/nowhere") => findEngine({ variables, home });

t.test("without a word it is where engines usually are, and need not be there", async (t) => {
  t.strictSame(found({}), { url: "unix:///var/run/docker.sock", tls: undefined, isNamed: false });
  const home = t.testdir({ ".docker": { run: { "docker.sock": "" } } });
  t.equal(found({}, home).url, `unix://${home}/.docker/run/docker.sock`, "Docker Desktop's");
  t.ok(mayBeThere({ variables: {}, home }));
  t.ok(mayBeThere({ variables: { DOCKER_HOST: "unix:///nowhere" }, home: "/nowhere" }), "it is named");
});

t.test("DOCKER_HOST goes over all else", async (t) => {
  const variables = { DOCKER_HOST: "unix:///run/other.sock", DOCKER_CONTEXT: "far" };
  t.strictSame(found(variables), { url: "unix:///run/other.sock", tls: undefined, isNamed: true });
  t.equal(found({ DOCKER_HOST: "engine:99" }).url, "tcp://engine:99");
});

t.test("TLS is what the variables of Docker say", async (t) => {
  const host = { DOCKER_HOST: "tcp://engine" };
  const usual = "/nowhere/.docker";
  t.strictSame(found({ ...host, DOCKER_TLS_VERIFY: "1" }).tls, { certificates: usual, isVerified: true });
  t.strictSame(found({ ...host, DOCKER_TLS: "1" }).tls, { certificates: usual, isVerified: false });
  t.match(found({ ...host, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/own" }).tls, { certificates: "/own" });
  t.equal(found({ ...host, DOCKER_CERT_PATH: "/own" }).tls, undefined);
});

t.test("a context is the one that was chosen, or that a variable names", async (t) => {
  const meta = (host: string, more = {}) => ({
    "meta.json": JSON.stringify({ Name: "any", Endpoints: { docker: { Host: host, ...more } } }),
  });
  const home = t.testdir({
    ".docker": {
      "config.json": JSON.stringify({ currentContext: "far" }),
      contexts: {
        meta: {
          [idOf("far")]: meta("ssh://far"),
          [idOf("near")]: meta("tcp://near:1"),
          [idOf("lax")]: meta("tcp://lax:1", { SkipTLSVerify: true }),
        },
        tls: { [idOf("near")]: { docker: { "ca.pem": "a", "cert.pem": "b", "key.pem": "c" } } },
      },
    },
  });
  t.match(found({}, home), { url: "ssh://far", tls: undefined, isNamed: true });
  t.match(found({ DOCKER_CONTEXT: "near" }, home), { url: "tcp://near:1", tls: { isVerified: true } });
  t.match(found({ DOCKER_CONTEXT: "lax" }, home).tls, { isVerified: false });
  t.equal(found({ DOCKER_CONTEXT: "default" }, home).isNamed, false);
  t.throws(() => found({ DOCKER_CONTEXT: "none" }, home), {
    code: "ENGINE_ADDRESS_INVALID",
    message: "there is no Docker context none",
    hint: /docker context ls/,
  });
});

t.test("a configuration that cannot be read is told", async (t) => {
  const broken = t.testdir({ ".docker": { "config.json": "{" } });
  t.throws(() => found({}, broken), { message: /config\.json cannot be read: / });
});
