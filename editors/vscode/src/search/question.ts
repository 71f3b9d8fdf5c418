// What narrows a question beside its words, and how that is said. Pure.
import type { Result } from "../protocol";

/** What the buttons of the picker chose. */
export interface Narrowing {
  readonly languages: readonly string[];
  readonly kinds: readonly string[];
  /** Whether only the folder of the active file may answer. */
  readonly here: boolean;
}

/** A folder of the workspace: the URI of the workspace folder, and the path in it with `/`; empty for all of it. */
export interface Here {
  readonly folder: string;
  readonly path: string;
}

export const EVERYTHING: Narrowing = { languages: [], kinds: [], here: false };

/** The filters to send with a question. */
export function filters(
  narrowing: Narrowing,
  here: Here | undefined,
): { languages?: readonly string[]; kinds?: readonly string[]; paths?: readonly string[]; folder?: string } {
  const inside = narrowing.here && here !== undefined;
  return {
    ...(narrowing.languages.length > 0 ? { languages: narrowing.languages } : {}),
    ...(narrowing.kinds.length > 0 ? { kinds: narrowing.kinds } : {}),
    ...(inside ? { folder: here.folder } : {}),
    ...(inside && here.path !== "" ? { paths: [pattern(here.path)] } : {}),
  };
}

/** A pattern in .gitignore's syntax for all below a folder, whose name may hold any character. */
export function pattern(path: string): string {
  return `/${path.replace(/[\\*?[\]!#]/g, "\\$&")}/`;
}

/** The title of the picker: what narrows the question. */
export function title(name: string, narrowing: Narrowing, here: Here | undefined): string {
  const said = [narrowing.languages.join(", "), narrowing.kinds.join(", ")].filter((part) => part !== "");
  if (narrowing.here && here !== undefined) {
    said.push(`in ${here.path === "" ? "this folder" : `${here.path}/`}`);
  }
  return [name, ...said].join(" · ");
}

/** The values of one member among results, with how many have each; the most frequent first. */
export function facets(
  results: readonly Result[],
  member: "language" | "kind",
): readonly { readonly value: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const result of results) {
    if (result[member] !== "") {
      counts.set(result[member], (counts.get(result[member]) ?? 0) + 1);
    }
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((one, other) => other.count - one.count || one.value.localeCompare(other.value));
}
