import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer as createPlainServer } from "node:net";
import { tmpdir } from "node:os";
import { createServer } from "node:tls";
import type { Test } from "tap";
import { makeCertificates } from "./certificates.ts";

/** The variables with which `engine.ts` says where its engine listens with TLS, and where the certificates are. */
export const addressVariable = "FE80_TEST_TLS";
export const certificatesVariable = "FE80_TEST_TLS_CERTIFICATES";

/** A port of 127.0.0.1 that nobody listened on just now. */
export function freePort(): Promise<number> {
  const server = createPlainServer();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Where an engine listens with TLS, and wants a certificate itself: the one of `engine.ts`, or else whatever engine answers. */
export async function secureEngine(t: Test): Promise<{ host: string; certificates: string }> {
  const { [addressVariable]: host, [certificatesVariable]: certificates } = process.env;
  return host && certificates ? { host, certificates } : await secure(t);
}

/** Puts TLS before an engine that listens on a Unix socket. */
async function secure(t: Test) {
  const certificates = mkdtempSync(`${tmpdir()}/fe80-tls-`);
  t.teardown(() => rmSync(certificates, { recursive: true }));
  makeCertificates(certificates);
  const read = (name: string) => readFileSync(`${certificates}/${name}`);
  const both = { requestCert: true, rejectUnauthorized: true, allowHalfOpen: true };
  const options = { ...both, ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
  const path = (process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock").replace("unix://", "");
  const server = createServer(options, (client) => {
    const engine = connect({ path, allowHalfOpen: true });
    client.pipe(engine).pipe(client);
    client.on("error", () => engine.destroy());
    engine.on("error", () => client.destroy());
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  return { host: `tcp://127.0.0.1:${port}`, certificates };
}
