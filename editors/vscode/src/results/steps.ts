// The results that the panel keeps: grouped by file, and stepped through. Pure.
import type { Result } from "../protocol";

/** The results of one file, in the order of their lines. */
export interface FileResults {
  readonly uri: string;
  readonly path: string;
  readonly results: readonly Result[];
}

/** Results by file; the file of the best result first. */
export function byFile(results: readonly Result[]): readonly FileResults[] {
  const files = new Map<string, Result[]>();
  for (const result of results) {
    const same = files.get(result.uri);
    if (same === undefined) {
      files.set(result.uri, [result]);
    } else {
      same.push(result);
    }
  }
  return [...files].map(([uri, found]) => ({
    uri,
    path: found[0]?.path ?? "",
    results: found.sort((one, other) => one.selectionRange.start.line - other.selectionRange.start.line),
  }));
}

/** Which of `count` comes after the current one, or before it, around the ends. */
export function step(count: number, current: number, by: 1 | -1): number {
  return (current + by + count) % count;
}
