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

  constructor(url: string, cause: unknown) {
    const { code = messageOf(cause) } = cause as NodeJS.ErrnoException;
    const refused = code === "EACCES" || code === "EPERM";
    super(
      refused ? `you may not use the Docker Engine at ${url}` : `no Docker Engine answers at ${url}: ${code}`,
      {
        cause,
        hint: refused
          ? "become a member of the group docker, or run the command with sudo"
          : "is it running? DOCKER_HOST or a Docker context says where it is",
      },
    );
  }
}

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
