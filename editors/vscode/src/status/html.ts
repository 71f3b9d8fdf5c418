// The status page as HTML: no script, and commands of this extension as links. Pure.
import type { Status } from "../protocol";
import { type Health, percent, sentence } from "./words";

/** What is known of the server's process. */
export interface Process {
  readonly health: Health;
  readonly version: string;
  readonly program: string;
  readonly origin: string;
  readonly processId: number | undefined;
}

/** The commands that the page links to. */
export const LINKED: readonly string[] = [
  "sightline.pauseIndexing",
  "sightline.resumeIndexing",
  "sightline.rebuildIndex",
  "sightline.chooseModel",
  "sightline.restartServer",
  "sightline.showLog",
];

const STYLE = `
body { font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); max-width: 46em; padding: 0.5em 1.5em; }
h1 { font-size: 1.6em; font-weight: 400; margin: 0.6em 0 0.8em; }
h2 { font-size: 1.15em; font-weight: 600; margin: 1.8em 0 0.3em; }
p { margin: 0.3em 0; line-height: 1.5; }
table { border-collapse: collapse; margin: 0.6em 0; }
td { padding: 0.2em 2em 0.2em 0; vertical-align: top; }
td:first-child { color: var(--vscode-descriptionForeground); white-space: nowrap; }
td:last-child { overflow-wrap: anywhere; }
progress { width: 100%; height: 4px; accent-color: var(--vscode-progressBar-background); }
.problem { color: var(--vscode-errorForeground); }
.links { margin: 1em 0 0; }
.links a { display: inline-block; margin: 0 0.6em 0.6em 0; padding: 0.35em 0.9em; text-decoration: none; border-radius: 2px;
  color: var(--vscode-button-secondaryForeground); background: var(--vscode-button-secondaryBackground); }
.links a:hover { background: var(--vscode-button-secondaryHoverBackground); }
`;

/** The whole page. */
export function page(server: Process, statuses: readonly Status[]): string {
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline';">
<title>Sightline</title><style>${STYLE}</style></head>
<body><h1>Sightline</h1>${statuses.map(section).join("")}${process(server)}</body></html>`;
}

function section(status: Status): string {
  const name = status.root.split(/[\\/]/).filter(Boolean).at(-1) ?? status.root;
  const rows: [string, string][] = [
    ["Folder", status.root],
    ["Searchable", `${number(status.chunks)} chunks of ${number(status.files)} files`],
    ["By meaning", `${number(status.embedded)} chunks, ${percent([status])} %`],
    ["Left out", left(status.leftOut)],
    ["Model", status.model === "" ? "none: words alone answer" : `${status.model}, ${status.dimensions} dimensions`],
    ["Index", `${status.place}, ${size(status.diskBytes)}`],
  ];
  if (status.pendingFiles > 0) {
    rows.push(["Changed", `${number(status.pendingFiles)} files not read yet`]);
  }
  if (status.role === "reader") {
    rows.push(["Kept by", "another Sightline on this folder; this one reads along"]);
  }
  const said = sentence(status).slice(name.length + 2);
  const links: [string, string][] =
    status.state === "paused"
      ? [["sightline.resumeIndexing", "Resume Indexing"]]
      : [["sightline.pauseIndexing", "Pause Indexing"]];
  links.push(["sightline.rebuildIndex", "Rebuild Index"], ["sightline.chooseModel", "Choose Model…"]);
  return `<h2>${escaped(name)}</h2><p>${escaped(said[0]?.toUpperCase() + said.slice(1))}</p>
<progress max="100" value="${percent([status])}"></progress>
${status.problem === "" ? "" : `<p class="problem">${escaped(status.problem)}</p>`}${table(rows)}${linked(links)}`;
}

function process(server: Process): string {
  const { health } = server;
  const said = {
    starting: "The server is starting.",
    running: "The server is running.",
    stopped: "The server is not running.",
    failed: health.state === "failed" ? health.problem : "",
  }[health.state];
  const rows: [string, string][] = [];
  if (server.program !== "") {
    rows.push(["Program", server.program], ["Found in", server.origin]);
  }
  if (health.state === "running") {
    rows.push(["Version", server.version], ["Process", String(server.processId ?? "")]);
  }
  const links: [string, string][] = [
    ["sightline.restartServer", "Restart Server"],
    ["sightline.showLog", "Show Log"],
  ];
  return `<h2>Server</h2><p${health.state === "failed" ? ' class="problem"' : ""}>${escaped(said)}</p>${table(rows)}${linked(links)}`;
}

function table(rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(([name, value]) => `<tr><td>${escaped(name)}</td><td>${escaped(value)}</td></tr>`);
  return `<table>${lines.join("")}</table>`;
}

function linked(links: readonly (readonly [string, string])[]): string {
  const anchors = links.map(([command, name]) => `<a href="command:${command}">${escaped(name)}</a>`);
  return `<p class="links">${anchors.join("")}</p>`;
}

function left(out: Readonly<Record<string, number>>): string {
  const reasons = Object.entries(out).filter(([, count]) => count > 0);
  return reasons.length === 0 ? "nothing" : reasons.map(([reason, count]) => `${number(count)} ${reason}`).join(", ");
}

function number(value: number): string {
  return value.toLocaleString("en");
}

function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function escaped(text: string): string {
  const names: Readonly<Record<string, string>> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "#39" };
  return text.replace(/[&<>"']/g, (character) => `&${names[character]};`);
}
