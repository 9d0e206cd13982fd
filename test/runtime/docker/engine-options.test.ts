import type { Agent } from "node:https";
import t from "tap";
import { findEngine } from "../../../src/runtime/docker/engine-address.ts";
import { engineOptions } from "../../../src/runtime/docker/engine-options.ts";
import { SshAgent } from "../../../src/runtime/docker/ssh-agent.ts";

const options = (variables: Record<string, string>, home = "/nowhere") =>
  engineOptions(findEngine({ variables, home })) as { agent: Agent };

t.test("an address says how an engine is spoken to", async (t) => {
  t.strictSame(options({ DOCKER_HOST: "unix:///run/other.sock" }), { socketPath: "/run/other.sock" });
  t.strictSame(options({ DOCKER_HOST: "tcp://192.0.2.1" }), {
    protocol: "http",
    host: "192.0.2.1",
    port: 2375,
  });
  t.match(options({ DOCKER_HOST: "engine:99" }), { host: "engine", port: "99" });
  t.match(options({ DOCKER_HOST: "ssh://me@far" }), { protocol: "http", host: "far" });
  t.type(options({ DOCKER_HOST: "ssh://me@far" }).agent, SshAgent);
});

t.test("TLS has its certificates where Docker has them, or where it is told", async (t) => {
  const files = { "ca.pem": "ca", "cert.pem": "cert", "key.pem": "key" };
  const home = t.testdir({ ".docker": files, own: { ...files }, server: { "ca.pem": "ca" } });
  const secure = { DOCKER_HOST: "tcp://engine", DOCKER_TLS_VERIFY: "1" };
  const verified = { rejectUnauthorized: true, ca: Buffer.from("ca") };
  t.match(options(secure, home), { protocol: "https", host: "engine", port: 2376 });
  t.match(options(secure, home).agent.options, { ...verified, key: Buffer.from("key") });
  for (const moved of [{ DOCKER_CERT_PATH: `${home}/own` }, { DOCKER_CONFIG: `${home}/own` }])
    t.match(options({ ...secure, ...moved }).agent.options, verified);
  const { agent } = options({ ...secure, DOCKER_CERT_PATH: `${home}/server` });
  t.match(agent.options, verified);
  t.notOk(agent.options.key, "who asks for no certificate need not get one");
  const trusting = { DOCKER_HOST: "tcp://engine", DOCKER_TLS: "1" };
  t.match(options(trusting).agent.options, { rejectUnauthorized: false });
  t.throws(() => options({ ...secure, DOCKER_CERT_PATH: "/nowhere" }, home), {
    code: "ENGINE_ADDRESS_INVALID",
    message: /^the certificates in \/nowhere cannot be read: ENOENT/,
  });
});

t.test("what cannot be an address is told", async (t) => {
  for (const url of ["gopher://engine", "tcp://[::1"]) {
    t.throws(() => options({ DOCKER_HOST: url }), { message: /is no address of a Docker Engine/ }, url);
  }
});
