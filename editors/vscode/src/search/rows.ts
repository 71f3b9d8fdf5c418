// How a result is shown in a list. Pure.
import type { Result } from "../protocol";

/** The texts of a row: a line that says what and where, and a line of code. */
export interface Row {
  readonly icon: string;
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

const ICONS: Readonly<Record<string, string>> = {
  function: "symbol-function",
  method: "symbol-method",
  class: "symbol-class",
  interface: "symbol-interface",
  enum: "symbol-enum",
  type: "symbol-struct",
  module: "symbol-module",
  macro: "symbol-constant",
  section: "book",
  lines: "file",
};
const LONGEST_LINE = 110;

/** The name of the icon for a kind of code. */
export function icon(kind: string): string {
  return ICONS[kind] ?? "symbol-misc";
}

/** The row of a result; `copies` and kind stand behind the place. */
export function row(result: Result): Row {
  const copies = result.duplicates > 0 ? ` · ${result.duplicates} ${result.duplicates === 1 ? "copy" : "copies"}` : "";
  return {
    icon: icon(result.kind),
    label: shown(called(result)),
    description: shown(`${result.path}:${result.selectionRange.start.line + 1}${copies}`),
    detail: shown(excerpt(result).join("  ⏎  ")),
  };
}

/** What a result is called: its qualified name, else its first line. */
export function called(result: Result): string {
  return result.qualifiedName || result.name || result.preview.split("\n").find((line) => line.trim()) || result.path;
}

/** Two lines of source: the definition, or else the line to jump to, and the one with the most words of the question. */
export function excerpt(result: Result): readonly string[] {
  const jump = result.selectionRange.start.line;
  const lines = result.preview.split(/\r?\n/).map((text, index) => ({
    number: result.previewLine + index,
    text: text.trim(),
    words: result.highlights.filter((each) => each.start.line === result.previewLine + index).length,
  }));
  const worth = lines.filter((line) => /[\p{L}\p{N}]/u.test(line.text));
  const target = worth.find((line) => line.number === jump) ?? worth[0];
  if (target === undefined) {
    return [];
  }
  if (result.signature !== "" && !target.text.includes(result.name)) {
    return [result.signature, target.text].map(shortened);
  }
  const others = worth.filter((line) => line !== target);
  const next = others.find((line) => line.number > target.number) ?? others[0] ?? target;
  const best = others.reduce((found, line) => (line.words > found.words ? line : found), next);
  const chosen = best === target ? [target] : [target, best].sort((one, other) => one.number - other.number);
  return chosen.map((line) => shortened(line.text));
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE - 1)}…` : line;
}

/** A text of the workspace as lists show it word for word: the editor would put an icon for `$(name)`. */
export function shown(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, " ").replace(/\$\(/g, "\\$(");
}
