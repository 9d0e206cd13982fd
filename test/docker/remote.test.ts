import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import t, { type Test } from "tap";
import { fe80 } from "../e2e/command.ts";
import { makeCertificates } from "../support/certificates.ts";
import { docker, withoutEngine } from "../support/docker.ts";
import { secureEngine } from "../support/secure-engine.ts";
import { startSshServer } from "../support/ssh-server.ts";
import { containersOf, labName, topologyOf, withVariables } from "./containers.ts";

const skip = withoutEngine;

const pair = `runtime: docker
routers: { r1: { originate: [10.0.1.0/24] }, r2: { originate: [10.0.2.0/24] } }
links: [r1 -- r2]`;

function scratch(t: Test): string {
  const directory = mkdtempSync(`${tmpdir()}/fe80-remote-`);
  t.teardown(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** A lab comes up, can be used, and goes, on the engine that variables name. */
async function lives(t: Test, name: string, variables: Readonly<Record<string, string>>): Promise<void> {
  const lab = labName(name);
  const file = topologyOf(t, lab, pair);
  await withVariables(variables, async () => {
    const { stdout, stderr } = await fe80("up", file);
    t.match(stdout, /2 of 2 sessions Established, 4 of 4/, stderr);
    t.match(await fe80("exec", lab, "r1", "--", "ping", "-c1", "10.0.2.1"), {
      exit: 0,
      stdout: / 0% packet loss/,
    });
    t.match(await fe80("down", lab), { exit: 0, stdout: `${lab} is down\n` });
  });
  t.strictSame(await containersOf(lab), []);
}

interface Refusal {
  readonly variables: Readonly<Record<string, string>>;
  readonly error: RegExp;
  readonly hint: RegExp;
}

/** `up` says in one message what is wrong with the way to an engine, and what to do. */
async function refuses(t: Test, { variables, error, hint }: Refusal): Promise<void> {
  const file = topologyOf(t, labName("refused"), pair);
  const { exit, stderr } = await withVariables(variables, () => fe80("up", file));
  const [first = "", second = "", ...rest] = stderr.trimEnd().split("\n");
  t.equal(exit, 1);
  t.match(first, error);
  t.match(second, hint);
  t.strictSame(rest, []);
}

t.test("an engine that is reached with TLS has labs", { skip }, async (t) => {
  const { host, certificates } = await secureEngine(t);
  const named = { DOCKER_HOST: host, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: certificates };
  await lives(t, "tls", named);

  const strange = scratch(t);
  const variables = { ...named, DOCKER_CERT_PATH: strange };
  makeCertificates(strange);
  await refuses(t, {
    variables,
    error: /^error: no Docker Engine answers at tcp:\S+: \w*(?:SIGNED|SIGNATURE)/,
    hint: /^hint: its certificate is not one that ca\.pem vouches for/,
  });
  cpSync(`${certificates}/ca.pem`, `${strange}/ca.pem`);
  await refuses(t, {
    variables,
    error: /^error: no Docker Engine answers at tcp:\S+: (?:ERR_SSL_\S+ALERT|ECONNRESET|EPIPE)/,
    hint: /^hint: it (?:does not accept who you are|hung up)/,
  });
});

t.test("a context says where the engine is, and has its certificates", { skip }, async (t) => {
  const { host, certificates } = await secureEngine(t);
  const config = scratch(t);
  const files = ["ca", "cert", "key"].map((name) => `${name}=${certificates}/${name}.pem`).join(",");
  const variables = { DOCKER_CONFIG: config, DOCKER_HOST: "", DOCKER_CONTEXT: "" };
  const create = ["context", "create", "far", "--docker", `host=${host},${files}`];
  await withVariables(variables, () => docker(...create));
  await lives(t, "context", { ...variables, DOCKER_CONTEXT: "far" });
  await refuses(t, {
    variables: { ...variables, DOCKER_CONTEXT: "farther" },
    error: /^error: there is no Docker context farther$/,
    hint: /docker context ls lists contexts$/,
  });
});

t.test("an engine that is reached by ssh has labs", { skip }, async (t) => {
  const { path, strangerPath } = await startSshServer(t);
  await lives(t, "ssh", { DOCKER_HOST: "ssh://engine", PATH: path });

  const hint = /^hint: docker --host ssh:\S+ version must work, and ask for nothing/;
  await refuses(t, {
    variables: { DOCKER_HOST: "ssh://engine", PATH: strangerPath },
    error: /^error: no Docker Engine answers at ssh:\/\/engine: \S+: Permission denied/,
    hint,
  });
  await refuses(t, {
    variables: { DOCKER_HOST: "ssh://root@127.0.0.1:1", PATH: path },
    error: /^error: no Docker Engine answers at ssh:\S+: ssh: connect to host .* Connection refused/,
    hint,
  });
});
