import { randomUUID } from "node:crypto";

const beginning = "exec-";

/** A mark, where daemons have their names, for a program that somebody runs in a container. */
export const newProgramMark = (): string => `${beginning}${randomUUID()}`;

export const isProgramMark = (mark: string): boolean => mark.startsWith(beginning);
