import type { Reporter } from "./event.ts";

/** What was found of each lab that was made, as an array, at the end. */
export const jsonReporter: Reporter = (event) => {
  if (event.type !== "end") return [];
  return [
    JSON.stringify(
      event.results.flatMap(({ report }) => report ?? []),
      undefined,
      2,
    ),
  ];
};

/** Each event as a line of JSON, as it happens. */
export const jsonlReporter: Reporter = (event) => [JSON.stringify(event)];
