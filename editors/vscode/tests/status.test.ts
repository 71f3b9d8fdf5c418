import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../src/protocol";
import { page } from "../src/status/html";
import { item, overall, percent, sentence } from "../src/status/words";

function status(changes: Partial<Status> = {}): Status {
  return {
    folder: "file:///a",
    root: "/home/me/a",
    state: "complete",
    role: "writer",
    files: 1_200,
    chunks: 3_000,
    embedded: 3_000,
    pendingFiles: 0,
    leftOut: {},
    model: "m",
    dimensions: 384,
    sentTo: "",
    place: "/cache",
    diskBytes: 10,
    problem: "",
    ...changes,
  };
}

const RUNNING = { state: "running" } as const;
const PROCESS = { health: RUNNING, version: "1", program: "/bin/sightline lsp", origin: "PATH", processId: 7 };

test("each state has its words", () => {
  const said = (changes: Partial<Status>): string => item(RUNNING, [status(changes)]).text;
  assert.equal(said({}), "$(search) Sightline: ready");
  assert.equal(said({ state: "embedding", embedded: 1_299 }), "$(sync~spin) Sightline: vectors 43 %");
  assert.equal(said({ state: "words", embedded: 0 }), "$(search) Sightline: words only");
  assert.equal(said({ embedded: 0, model: "" }), "$(search) Sightline: words only");
  assert.equal(said({ state: "paused" }), "$(debug-pause) Sightline: paused");
  assert.equal(said({ state: "problem", problem: "Disk full." }), "$(warning) Sightline: problem");
  assert.equal(item(RUNNING, []).text, "$(search) Sightline");
});

test("a problem is what one should know first, of several folders", () => {
  const several = [status(), status({ state: "embedding", embedded: 0 }), status({ state: "problem" })];
  assert.equal(overall(several), "problem");
  assert.equal(percent(several.slice(0, 2)), 50);
  assert.equal(percent([status({ embedded: 2_999 })]), 99);
  assert.equal(percent([status({ chunks: 0, embedded: 0 })]), 100);
});

test("the tooltip is a sentence for each folder", () => {
  assert.equal(sentence(status()), "a: ready, 3,000 chunks of 1,200 files.");
  assert.equal(sentence(status({ state: "problem", problem: "Disk full." })), "a: Disk full.");
  assert.equal(item({ state: "failed", problem: "Gone." }, []).tooltip, "Gone.");
  assert.equal(item({ state: "failed", problem: "Gone." }, []).warns, true);
});

test("the page holds no markup but its own, and no script", () => {
  const html = page(PROCESS, [status({ root: "/a/<script>alert(1)</script>", leftOut: { binary: 2, large: 0 } })]);
  assert.ok(!html.includes("<script"));
  assert.match(html, /2 binary/);
  assert.match(html, /default-src 'none'/);
  assert.match(html, /command:sightline\.pauseIndexing/);
});

test("the page of a paused index offers to go on", () => {
  const html = page(PROCESS, [status({ state: "paused" })]);
  assert.match(html, /command:sightline\.resumeIndexing/);
  assert.ok(!html.includes("pauseIndexing"));
});
