import { existsSync, readFileSync } from "node:fs";
import { Agent } from "node:https";
import { join } from "node:path";
import { MACHINE_RUN } from "../directory.ts";
import { type EngineAddress, type EngineTls, socketOf } from "./engine-address.ts";
import { EngineAddressError } from "./errors.ts";
import { SshAgent } from "./ssh-agent.ts";

/** What dockerode is to be told. @throws {EngineAddressError} */
export function engineOptions({ url, tls }: EngineAddress): object {
  if (url.startsWith("unix://")) return { socketPath: socketOf(url) };
  if (existsSync(MACHINE_RUN)) {
    const why = "is not within reach of an ordinary user's labs, which have a network of their own";
    throw new EngineAddressError(`${url} ${why}: only a Unix socket is, or use sudo`);
  }
  const { protocol, hostname: host, port, username, pathname } = parse(url);
  switch (protocol) {
    case "ssh:":
      return {
        protocol: "http",
        host,
        port: 80,
        agent: new SshAgent({ host, port, username, path: pathname }),
      };
    case "tcp:":
    case "http:":
    case "https:":
      return tls === undefined
        ? { protocol: protocol === "https:" ? "https" : "http", host, port: port || 2375 }
        : { protocol: "https", host, port: port || 2376, agent: new Agent(agentOptions(tls)) };
    default:
      throw new EngineAddressError(`${url} is no address of a Docker Engine`);
  }
}

function parse(url: string): URL {
  try {
    return new URL(url);
  } catch (cause) {
    throw new EngineAddressError(`${url} is no address of a Docker Engine`, cause);
  }
}

/** Whoever is to be verified needs a certificate authority of the user's; who asks us for nothing needs no certificate of ours. */
function agentOptions({ certificates, isVerified }: EngineTls) {
  const read = (name: string) => readFileSync(join(certificates, name));
  const isThere = (name: string) => existsSync(join(certificates, name));
  try {
    return {
      keepAlive: true,
      rejectUnauthorized: isVerified,
      ...(isVerified && { ca: read("ca.pem") }),
      ...((isThere("cert.pem") || isThere("key.pem")) && { cert: read("cert.pem"), key: read("key.pem") }),
    };
  } catch (cause) {
    throw new EngineAddressError(`the certificates in ${certificates} cannot be read`, cause);
  }
}
