/** Columns of a line of links. */
const width = 96;

/** Links from each router to the next as few chains, each short enough for a line: `r1 -- r2 -- r3`. */
export function chains(names: readonly string[]): string[] {
  const lines: string[] = [];
  let line = names[0] ?? "";
  for (const [index, name] of names.entries()) {
    if (index === 0) continue;
    const longer = `${line} -- ${name}`;
    if (longer.length <= width) {
      line = longer;
    } else {
      lines.push(line);
      line = `${names[index - 1]} -- ${name}`;
    }
  }
  return [...lines, line];
}

/** Links from one router to some others, in order: `r1 -- r5`, or `r1 -- r[2,5-7]`; several lines if they are many. */
export function fans(from: number, to: readonly number[]): string[] {
  if (to.length === 1) return [`r${from} -- r${to[0]}`];
  const lines: string[] = [];
  let list = "";
  for (const part of runs(to)) {
    const longer = list === "" ? part : `${list},${part}`;
    if (longer.length > width - `r${from} -- r[]`.length) {
      lines.push(list);
      list = part;
    } else {
      list = longer;
    }
  }
  return [...lines, list].map((list) => `r${from} -- r[${list}]`);
}

/** Three numbers or more in a row become a range. */
function runs(numbers: readonly number[]): string[] {
  const parts: string[] = [];
  let first = 0;
  for (const [index, number] of numbers.entries()) {
    if (numbers[index + 1] === number + 1) continue;
    const run = numbers.slice(first, index + 1);
    parts.push(...(run.length > 2 ? [`${run[0]}-${number}`] : run.map(String)));
    first = index + 1;
  }
  return parts;
}
