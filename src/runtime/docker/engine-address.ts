import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { MACHINE_RUN } from "../directory.ts";
import { EngineAddressError } from "./errors.ts";

/** What is known of the user and the machine. */
export interface Surroundings {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The user's home directory. */
  readonly home: string;
}

/** Where a Docker Engine is. */
export interface EngineAddress {
  /** As a user would write it, e.g. `unix:///var/run/docker.sock`. */
  readonly url: string;
  /** Files of TLS, which is not used without. */
  readonly certificates: string | undefined;
  /** Whether somebody named it; else it is where engines usually are. */
  readonly isNamed: boolean;
}

const usualSocket = "/var/run/docker.sock";

/** The engine that `docker` would use: `DOCKER_HOST`, or a context, or the usual socket. @throws {EngineAddressError} */
export function findEngine(surroundings: Surroundings): EngineAddress {
  const { variables, home } = surroundings;
  const host = variables["DOCKER_HOST"];
  if (host) {
    const secure = Boolean(variables["DOCKER_TLS_VERIFY"]);
    const certificates = secure ? (variables["DOCKER_CERT_PATH"] ?? join(home, ".docker")) : undefined;
    return { url: host.includes("://") ? host : `tcp://${host}`, certificates, isNamed: true };
  }
  const context = contextOf(surroundings);
  if (context) return context;
  // Where Docker Desktop has it.
  const own = join(home, ".docker/run/docker.sock");
  const socket = existsSync(own) ? own : usualSocket;
  return { url: `unix://${socket}`, certificates: undefined, isNamed: false };
}

/** Whether it is worth a try to ask an engine: somebody has said where it is, or there is a socket where it usually is. */
export function mayBeThere(surroundings: Surroundings): boolean {
  const { url, isNamed } = findEngine(surroundings);
  return isNamed || existsSync(socketOf(url));
}

/** What dockerode is to be told. @throws {EngineAddressError} */
export function engineOptions({ url, certificates }: EngineAddress, { variables }: Surroundings): object {
  if (url.startsWith("unix://")) return { socketPath: socketOf(url) };
  const { protocol, hostname: host, port, username } = parse(url);
  switch (protocol) {
    case "ssh:":
      return {
        protocol: "ssh",
        host,
        port: port || 22,
        username: username || variables["USER"],
        sshOptions: { agent: variables["SSH_AUTH_SOCK"] },
      };
    case "tcp:":
    case "http:":
    case "https:":
      return certificates === undefined
        ? { protocol: protocol === "https:" ? "https" : "http", host, port: port || 2375 }
        : { protocol: "https", host, port: port || 2376, ...readCertificates(certificates) };
    default:
      throw new EngineAddressError(`${url} is no address of a Docker Engine`);
  }
}

/** The path of a socket, which is another one in the namespaces of an ordinary user if it is below /run. */
function socketOf(url: string): string {
  const path = url.slice("unix://".length);
  const outside = path.replace(/^(?:\/var)?\/run\//, `${MACHINE_RUN}/`);
  return !existsSync(path) && existsSync(outside) ? outside : path;
}

function parse(url: string): URL {
  try {
    return new URL(url);
  } catch (cause) {
    throw new EngineAddressError(`${url} is no address of a Docker Engine`, cause);
  }
}

function readCertificates(directory: string) {
  const read = (name: string) => readFileSync(join(directory, name));
  try {
    return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
  } catch (cause) {
    throw new EngineAddressError(`the certificates in ${directory} cannot be read`, cause);
  }
}

/** The context that is chosen, unless that is the one that every Docker has (docs.docker.com, "Docker contexts"). */
function contextOf({ variables, home }: Surroundings): EngineAddress | undefined {
  const directory = variables["DOCKER_CONFIG"] ?? join(home, ".docker");
  const config = readJson(join(directory, "config.json")) as { currentContext?: string } | undefined;
  const name = variables["DOCKER_CONTEXT"] ?? config?.currentContext ?? "default";
  if (name === "default") return undefined;
  const id = createHash("sha256").update(name).digest("hex");
  const meta = readJson(join(directory, "contexts/meta", id, "meta.json")) as Meta | undefined;
  const url = meta?.Endpoints?.docker?.Host;
  if (url === undefined) throw new EngineAddressError(`there is no Docker context ${name}`);
  const tls = join(directory, "contexts/tls", id, "docker");
  return { url, certificates: existsSync(tls) ? tls : undefined, isNamed: true };
}

interface Meta {
  readonly Endpoints?: { readonly docker?: { readonly Host?: string } };
}

/** @returns undefined if there is no such file */
function readJson(path: string): unknown {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new EngineAddressError(`${path} cannot be read`, cause);
  }
}
