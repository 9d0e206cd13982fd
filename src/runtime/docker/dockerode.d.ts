/** As much of dockerode as we use; the package brings no types. */
declare module "dockerode" {
  import type { Duplex } from "node:stream";

  export default class Docker {
    constructor(options: object);
    ping(): Promise<unknown>;
    createContainer(options: object): Promise<Container>;
    getContainer(id: string): Container;
    listContainers(options: { all: boolean; filters: object }): Promise<readonly ContainerInfo[]>;
    listImages(options: { filters: object }): Promise<readonly ImageInfo[]>;
    getImage(name: string): { inspect(): Promise<unknown> };
    pull(name: string, options: { abortSignal: AbortSignal }): Promise<NodeJS.ReadableStream>;
    getExec(id: string): Exec;
    readonly modem: {
      followProgress(stream: NodeJS.ReadableStream, done: (error: Error | null) => void): void;
    };
  }

  export interface ContainerInfo {
    readonly Id: string;
    readonly Names: readonly string[];
    readonly Labels: Readonly<Record<string, string>>;
    readonly State: string;
    /** In words, e.g. `Up 3 minutes (healthy)`. */
    readonly Status: string;
  }

  export interface ImageInfo {
    readonly Id: string;
    readonly RepoTags: readonly string[] | null;
    readonly Labels: Readonly<Record<string, string>> | null;
    /** With all that it begins with, in octets. */
    readonly Size: number;
  }

  export interface Container {
    readonly id: string;
    start(): Promise<unknown>;
    attach(options: object): Promise<Duplex>;
    inspect(): Promise<{ readonly State: { readonly Pid: number; readonly Running: boolean } }>;
    exec(options: object): Promise<Exec>;
    putArchive(archive: Buffer, options: { path: string }): Promise<unknown>;
    remove(options: { force: boolean; v: boolean }): Promise<unknown>;
  }

  export interface Exec {
    readonly id: string;
    start(options: object): Promise<Duplex>;
    inspect(): Promise<{ readonly Running: boolean; readonly ExitCode: number | null }>;
    resize(size: { h: number; w: number }): Promise<unknown>;
  }
}
