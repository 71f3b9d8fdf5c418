// Written from server/sightline/lsp/messages.py by `python -m tests.editors.vscode`; do not edit.

export const PAUSE = "sightline.pause";
export const REINDEX = "sightline.reindex";
export const RESUME = "sightline.resume";
export const SEARCH = "sightline.search";
export const SIMILAR = "sightline.similar";
export const STATUS = "sightline.status";
export const STATUS_NOTIFICATION = "sightline/status";
export const SERVER_SETTINGS: readonly string[] = ["model", "maxFileSize", "threads", "exclude", "embed", "bufferDelayMs", "dimensions", "vectorPrecision", "maxTokens", "chunkBytes"];

/** 0-based; the column counts units of the negotiated encoding. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** The end is exclusive. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** A document, by its URI. */
export interface Document {
  readonly uri: string;
}

/** What narrows a search. */
export interface Filters {
  readonly limit?: number;
  readonly mode?: "hybrid" | "lexical" | "semantic";
  readonly languages?: readonly string[];
  readonly paths?: readonly string[];
  readonly kinds?: readonly string[];
}

/** The URI of one workspace folder; all of them where it is left out. */
export interface AnyFolder {
  readonly folder?: string;
}

/** What `sightline.search` takes. */
export interface SearchMembers {
  readonly limit?: number;
  readonly mode?: "hybrid" | "lexical" | "semantic";
  readonly languages?: readonly string[];
  readonly paths?: readonly string[];
  readonly kinds?: readonly string[];
  readonly folder?: string;
  readonly query: string;
}

/** A place in a document: a `range` goes before a `position`. */
export interface PlaceMembers {
  readonly position?: Position;
  readonly range?: Range;
}

/** What `sightline.similar` takes. */
export interface SimilarMembers {
  readonly limit?: number;
  readonly mode?: "hybrid" | "lexical" | "semantic";
  readonly languages?: readonly string[];
  readonly paths?: readonly string[];
  readonly kinds?: readonly string[];
  readonly position?: Position;
  readonly range?: Range;
  readonly textDocument: Document;
}

/** Words of the query that a result holds, by where. */
export interface Matches {
  readonly name: readonly string[];
  readonly path: readonly string[];
  readonly doc: readonly string[];
  readonly body: readonly string[];
}

/** One entry of `results`. */
export interface Result {
  readonly uri: string;
  readonly path: string;
  readonly range: Range;
  readonly selectionRange: Range;
  readonly name: string;
  readonly qualifiedName: string;
  readonly kind: string;
  readonly language: string;
  readonly score: number;
  readonly preview: string;
  readonly previewLine: number;
  readonly signature: string;
  readonly why: string;
  readonly matches: Matches;
  readonly similarity: number | null;
  readonly highlights: readonly Range[];
  readonly duplicates: number;
}

/** How much of the working tree an answer could see. */
export interface Completeness {
  readonly state: "complete" | "partial";
  readonly chunks: number;
  readonly embedded: number;
}

/** What `sightline.search` and `sightline.similar` answer. */
export interface Answer {
  readonly query: string;
  readonly index: Completeness;
  readonly took_ms: number;
  readonly results: readonly Result[];
  readonly note: string;
}

/** The status of one folder; the parameters of `sightline/status`. */
export interface Status {
  readonly folder: string;
  readonly root: string;
  readonly state: "opening" | "reading" | "embedding" | "words" | "paused" | "complete" | "problem";
  readonly role: "writer" | "reader";
  readonly files: number;
  readonly chunks: number;
  readonly embedded: number;
  readonly pendingFiles: number;
  readonly leftOut: Readonly<Record<string, number>>;
  readonly model: string;
  readonly dimensions: number;
  readonly place: string;
  readonly diskBytes: number;
  readonly problem: string;
  readonly sentTo: string;
}

/** What `sightline.status`, `sightline.reindex`, `sightline.pause` and `sightline.resume` answer. */
export interface Statuses {
  readonly folders: readonly Status[];
}
