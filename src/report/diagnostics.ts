import type { LabError } from "../std/errors.ts";

/** A mistake or a warning in a file; one of the file as a whole has no line. */
export interface Finding {
  readonly severity: "error" | "warning";
  /** As in docs/errors.md; a warning has none. */
  readonly code: string | null;
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
  readonly hint: string | null;
}

interface Placed {
  readonly severity: Finding["severity"];
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint: string | undefined;
}

/** What an error says of a file: each diagnostic that it carries, or itself. */
export function findingsOf(file: string, error: LabError): Finding[] {
  const { code } = error;
  if ("diagnostics" in error && Array.isArray(error.diagnostics)) {
    return (error.diagnostics as Placed[]).map((diagnostic) => placedFinding(diagnostic, code));
  }
  const { message, hint = null } = error;
  return [{ severity: "error", code, file, line: null, column: null, message, hint }];
}

/** A diagnostic with its place. */
export function placedFinding(
  { severity, file, line, column, message, hint }: Placed,
  code: string | null,
): Finding {
  return { severity, code, file, line, column, message, hint: hint ?? null };
}

/** A workflow command with which GitHub Actions marks the place in the file. */
export function annotation({ severity, file, line, column, message, hint }: Finding): string {
  const places = [
    ["file", file],
    ["line", line],
    ["col", column],
    ["title", "fe80"],
  ] as const;
  const properties = places.flatMap(([name, value]) =>
    value === null ? [] : [`${name}=${escapeProperty(String(value))}`],
  );
  const text = hint === null ? message : `${message}\nhint: ${hint}`;
  return `::${severity} ${properties.join(",")}::${escapeData(text)}`;
}

/** As the toolkit does it (actions/toolkit, command.ts). */
function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
