import { messageOf } from "../../std/errors.ts";
import { RuntimeError } from "../errors.ts";

/** What says where the Docker Engine is makes no sense. */
export class EngineAddressError extends RuntimeError {
  readonly code = "ENGINE_ADDRESS_INVALID";

  constructor(message: string, cause?: unknown) {
    const hint =
      "DOCKER_HOST is unix://PATH, tcp://HOST:PORT or ssh://USER@HOST; docker context ls lists contexts";
    super(cause === undefined ? message : `${message}: ${messageOf(cause)}`, { cause, hint });
  }
}

/** No Docker Engine answers, or it does not let this user in. */
export class EngineUnreachableError extends RuntimeError {
  readonly code = "ENGINE_UNREACHABLE";

  /** @param cause of whoever tried: what it has as `code` is why */
  constructor(url: string, cause: unknown) {
    const { code = messageOf(cause) } = cause as NodeJS.ErrnoException;
    const isForbidden = code === "EACCES" || code === "EPERM";
    super(
      isForbidden
        ? `you may not use the Docker Engine at ${url}`
        : `no Docker Engine answers at ${url}: ${code}`,
      { cause, hint: cause instanceof SshError ? sshHint(url) : hintOf(code) },
    );
  }
}

/** ssh(1) has ended before the engine did; the message is what it wrote. */
export class SshError extends Error {}

function sshHint(url: string): string {
  return `docker --host ${url} version must work, and ask for nothing: the key of that machine must be known, and yours be let in`;
}

/** What to do about the error of a socket, by its code. */
function hintOf(code: string): string {
  const [, hint] = hints.find(([pattern]) => pattern.test(code)) ?? [];
  return hint ?? "is it running? DOCKER_HOST or a Docker context says where it is";
}

const hints: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [/^(?:EACCES|EPERM)$/, "become a member of the group docker, or run the command with sudo"],
  [
    /^(?:CERT|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|ERR_TLS_CERT)_/,
    "its certificate is not one that ca.pem vouches for: is it that engine, and is DOCKER_CERT_PATH right?",
  ],
  [
    /^ERR_SSL_.*_ALERT_/,
    "it does not accept who you are: cert.pem and key.pem must be of those whom it knows",
  ],
  [/^(?:EPROTO$|ERR_SSL_)/, "it does not speak TLS: unset DOCKER_TLS_VERIFY"],
  [/^(?:ECONNRESET|EPIPE)$/, "it hung up: does it want TLS, or another certificate than cert.pem?"],
  [/^TLS is spoken there$/, "set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to where the certificates are"],
];

/** The Docker Engine refused something. */
export class EngineError extends RuntimeError {
  readonly code = "ENGINE_FAILED";

  constructor(what: string, cause: unknown) {
    super(`${what}: ${messageOf(cause).trim()}`, { cause });
  }
}

/** The engine has no such image. */
export class ImageMissingError extends RuntimeError {
  readonly code = "IMAGE_MISSING";
}

/** Something runs in a container whose image does not have it. */
export class ProgramNotInImageError extends RuntimeError {
  readonly code = "PROGRAM_NOT_IN_IMAGE";

  constructor(program: string, container: string) {
    super(`there is no program ${program} in the container ${container}`, {
      hint: "use an image that has it: image: NAME",
    });
  }
}

/** Namespaces of this machine and containers can only be linked if the engine is on this machine, too. */
export class EngineElsewhereError extends RuntimeError {
  readonly code = "ENGINE_ELSEWHERE";

  constructor(url: string) {
    super(
      `the Docker Engine at ${url} is on another machine, and some routers are in namespaces of this one`,
      {
        hint: "let all routers run in containers: fe80 up --runtime docker",
      },
    );
  }
}

/** Work that was done on the engine's machine failed there; it has that failure's own code. */
export class RemoteError extends RuntimeError {
  readonly code: string;

  constructor({ code, message, hint }: { code: string; message: string; hint?: string | undefined }) {
    super(message, hint === undefined ? {} : { hint });
    this.code = code;
  }
}
