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
  /** How to speak TLS, which is not done without. */
  readonly tls: EngineTls | undefined;
  /** Whether somebody named it; else it is where engines usually are. */
  readonly isNamed: boolean;
}

export interface EngineTls {
  /** Where `ca.pem`, `cert.pem` and `key.pem` are, as far as they are needed. */
  readonly certificates: string;
  /** Whether the engine has to prove who it is. */
  readonly isVerified: boolean;
}

const usualSocket = "/var/run/docker.sock";

/** The engine that `docker` would use: `DOCKER_HOST`, or a context, or the usual socket. @throws {EngineAddressError} */
export function findEngine(surroundings: Surroundings): EngineAddress {
  const { variables, home } = surroundings;
  const host = variables["DOCKER_HOST"];
  if (host) {
    const isVerified = Boolean(variables["DOCKER_TLS_VERIFY"]);
    const certificates = variables["DOCKER_CERT_PATH"] || configOf(surroundings);
    const tls = isVerified || variables["DOCKER_TLS"] ? { certificates, isVerified } : undefined;
    return { url: host.includes("://") ? host : `tcp://${host}`, tls, isNamed: true };
  }
  const context = contextOf(surroundings);
  if (context) return context;
  // Where Docker Desktop has it.
  const own = join(home, ".docker/run/docker.sock");
  const socket = existsSync(own) ? own : usualSocket;
  return { url: `unix://${socket}`, tls: undefined, isNamed: false };
}

/** Whether it is worth a try to ask an engine: somebody has said where it is, or there is a socket where it usually is. */
export function mayBeThere(surroundings: Surroundings): boolean {
  const { url, isNamed } = findEngine(surroundings);
  return isNamed || existsSync(socketOf(url));
}

/** The path of a socket, which is another one in the namespaces of an ordinary user if it is below /run. */
export function socketOf(url: string): string {
  const path = url.slice("unix://".length);
  const outside = path.replace(/^(?:\/var)?\/run\//, `${MACHINE_RUN}/`);
  return !existsSync(path) && existsSync(outside) ? outside : path;
}

/** Where Docker keeps what a user has set. */
function configOf({ variables, home }: Surroundings): string {
  return variables["DOCKER_CONFIG"] || join(home, ".docker");
}

/** The context that is chosen, unless that is the one that every Docker has (docs.docker.com, "Docker contexts"). */
function contextOf(surroundings: Surroundings): EngineAddress | undefined {
  const directory = configOf(surroundings);
  const config = readJson(join(directory, "config.json")) as { currentContext?: string } | undefined;
  const name = surroundings.variables["DOCKER_CONTEXT"] || config?.currentContext || "default";
  if (name === "default") return undefined;
  const id = createHash("sha256").update(name).digest("hex");
  const meta = readJson(join(directory, "contexts/meta", id, "meta.json")) as Meta | undefined;
  const { Host: url, SkipTLSVerify: isTrusted = false } = meta?.Endpoints?.docker ?? {};
  if (url === undefined) throw new EngineAddressError(`there is no Docker context ${name}`);
  const certificates = join(directory, "contexts/tls", id, "docker");
  const isSecure = isTrusted || existsSync(certificates);
  return { url, tls: isSecure ? { certificates, isVerified: !isTrusted } : undefined, isNamed: true };
}

interface Meta {
  readonly Endpoints?: { readonly docker?: { readonly Host?: string; readonly SkipTLSVerify?: boolean } };
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
