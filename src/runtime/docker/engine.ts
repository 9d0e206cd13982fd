import type Docker from "dockerode";
import type { Container, ContainerInfo, ImageInfo } from "dockerode";
import { LabError, messageOf } from "../../std/errors.ts";
import { EngineError, EngineUnreachableError, ImageMissingError, SshError } from "./errors.ts";

/** The labels that mark what is a lab's. */
export const Label = { lab: "fe80.lab", router: "fe80.router" } as const;

/** What agents have in the place of a router's name. */
export const agentLabel = "_agent";

/** How many containers are made or asked at once: an engine does no more at a time. */
const mostAtOnce = 8;

/** A Docker Engine; what it refuses is a `RuntimeError`. */
export class Engine {
  readonly url: string;
  readonly #docker: Docker;
  readonly #queue: (() => void)[] = [];
  #busy = 0;

  constructor(url: string, docker: Docker) {
    this.url = url;
    this.#docker = docker;
  }

  /** @throws {EngineUnreachableError} */
  async ping(): Promise<void> {
    await this.#ask("ping", () => this.#docker.ping());
  }

  /** Does work with a container, a few at a time, and says what it was if the engine refuses it. */
  async work<T>(what: string, work: (docker: Docker) => Promise<T>): Promise<T> {
    if (this.#busy >= mostAtOnce) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#busy++;
    try {
      return await this.#ask(what, () => work(this.#docker));
    } finally {
      this.#busy--;
      this.#queue.shift()?.();
    }
  }

  /** The containers of a lab, or of all labs, helpers included. */
  async containers(lab?: string): Promise<readonly ContainerInfo[]> {
    const label = lab === undefined ? Label.lab : `${Label.lab}=${lab}`;
    const options = { all: true, filters: { label: [label] } };
    return await this.#ask("list containers", () => this.#docker.listContainers(options));
  }

  /** The images whose names match a pattern, e.g. `fe80/*`. */
  async images(pattern: string): Promise<readonly ImageInfo[]> {
    const options = { filters: { reference: [pattern] } };
    return await this.#ask("list images", () => this.#docker.listImages(options));
  }

  container(name: string): Container {
    return this.#docker.getContainer(name);
  }

  /** @throws {ImageMissingError} if the engine does not have it, and cannot get it where that is worth a try */
  async requireImage(image: string, { pull, signal }: { pull: boolean; signal: AbortSignal }): Promise<void> {
    if (await this.#hasImage(image)) return;
    const message = `the Docker Engine has no image ${image}`;
    if (!pull) throw new ImageMissingError(message, { hint: "make images builds it" });
    try {
      const progress = await this.#docker.pull(image, { abortSignal: signal });
      await new Promise<void>((resolve, reject) => {
        this.#docker.modem.followProgress(progress, (error) => (error ? reject(error) : resolve()));
      });
    } catch (cause) {
      signal.throwIfAborted();
      const why = new EngineError("and cannot pull it", cause).message;
      throw new ImageMissingError(`${message}, ${why}`, { cause, hint: "check its name: docker pull" });
    }
  }

  async #hasImage(image: string): Promise<boolean> {
    try {
      await this.#docker.getImage(image).inspect();
      return true;
    } catch (cause) {
      if (statusOf(cause) === 404) return false;
      throw this.#errorOf("look for an image", cause);
    }
  }

  async #ask<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw this.#errorOf(what, cause);
    }
  }

  #errorOf(what: string, cause: unknown): unknown {
    if (isOfTls(cause))
      return new EngineUnreachableError(this.url, { ...cause, code: "TLS is spoken there" });
    if (statusOf(cause) !== undefined) return new EngineError(what, cause);
    const isOfSocket = cause instanceof SshError || (cause instanceof Error && "code" in cause);
    return isOfSocket && !(cause instanceof LabError) ? new EngineUnreachableError(this.url, cause) : cause;
  }
}

/** What a server of HTTPS answers to plain HTTP. */
function isOfTls(cause: unknown): cause is Error {
  return statusOf(cause) === 400 && messageOf(cause).includes("HTTP request to an HTTPS server");
}

/** The HTTP status that an engine answered with; undefined if it did not answer. */
export function statusOf(cause: unknown): number | undefined {
  return (cause as { statusCode?: number } | undefined)?.statusCode;
}
