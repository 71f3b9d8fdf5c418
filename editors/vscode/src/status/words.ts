// What the status bar says of the server and its indexes. Pure.
import type { Status } from "../protocol";

/** How the server is. */
export type Health =
  | { readonly state: "starting" }
  | { readonly state: "running" }
  | { readonly state: "stopped" }
  | { readonly state: "failed"; readonly problem: string };

/** The item in the status bar. */
export interface Item {
  readonly text: string;
  readonly tooltip: string;
  readonly warns: boolean;
}

type State = Status["state"];

/** The state that is said of several folders: the one a person should know first. */
const FIRST: readonly State[] = ["problem", "opening", "reading", "paused", "embedding", "words", "complete"];

/** The item for a server and the statuses of its folders. */
export function item(health: Health, statuses: readonly Status[]): Item {
  switch (health.state) {
    case "starting":
      return { text: "$(loading~spin) Sightline", tooltip: "Sightline is starting.", warns: false };
    case "stopped":
      return { text: "$(circle-slash) Sightline", tooltip: "Sightline is not running.", warns: false };
    case "failed":
      return { text: "$(warning) Sightline: problem", tooltip: health.problem, warns: true };
    case "running": {
      const state = overall(statuses);
      const tooltip = statuses.map((status) => sentence(status)).join("\n") || "No folder is open.";
      return { text: text(state, statuses), tooltip, warns: state === "problem" };
    }
  }
}

/** The state of all folders together. */
export function overall(statuses: readonly Status[]): State | undefined {
  return FIRST.find((state) => statuses.some((status) => status.state === state));
}

function text(state: State | undefined, statuses: readonly Status[]): string {
  switch (state) {
    case undefined:
      return "$(search) Sightline";
    case "problem":
      return "$(warning) Sightline: problem";
    case "opening":
      return "$(sync~spin) Sightline: opening";
    case "reading":
      return "$(sync~spin) Sightline: reading files";
    case "paused":
      return "$(debug-pause) Sightline: paused";
    case "embedding":
      return `$(sync~spin) Sightline: vectors ${percent(statuses)} %`;
    case "words":
      return "$(search) Sightline: words only";
    case "complete":
      return statuses.every(byWords) ? "$(search) Sightline: words only" : "$(search) Sightline: ready";
  }
}

/** How many of the chunks have their vector, in percent; 100 only where all have. */
export function percent(statuses: readonly Status[]): number {
  const chunks = statuses.reduce((sum, status) => sum + status.chunks, 0);
  const embedded = statuses.reduce((sum, status) => sum + status.embedded, 0);
  return chunks === 0 ? 100 : Math.floor((100 * embedded) / chunks);
}

function byWords(status: Status): boolean {
  return status.chunks > 0 && status.embedded === 0;
}

/** One folder's status in a sentence. */
export function sentence(status: Status): string {
  const name = status.root.split(/[\\/]/).filter(Boolean).at(-1) ?? status.root;
  const chunks = `${status.chunks.toLocaleString("en")} chunks of ${status.files.toLocaleString("en")} files`;
  return `${name}: ${said(status, chunks)}`;
}

function said(status: Status, chunks: string): string {
  switch (status.state) {
    case "opening":
      return "the index is being opened.";
    case "reading":
      return `files are being read; ${chunks} answer already.`;
    case "embedding":
      return `words answer in ${chunks}; ${percent([status])} % answer by meaning too.`;
    case "words":
      return `only words answer in ${chunks}. ${status.problem}`.trim();
    case "paused":
      return `indexing is paused; ${chunks} answer, ${percent([status])} % of them by meaning too.`;
    case "complete":
      return byWords(status) ? `words answer in ${chunks}.` : `ready, ${chunks}.`;
    case "problem":
      return status.problem || "the index cannot be used.";
  }
}
