import assert from "node:assert/strict";
import { test } from "node:test";
import type { Range, Result } from "../src/protocol";
import { byFile, step } from "../src/results/steps";
import { remembered } from "../src/search/history";
import { EVERYTHING, facets, filters, pattern, title } from "../src/search/question";
import { excerpt, row, shown } from "../src/search/rows";

function range(line: number, start = 0, end = 0): Range {
  return { start: { line, character: start }, end: { line, character: end } };
}

export function result(changes: Partial<Result> = {}): Result {
  return {
    uri: "file:///a/src/http.py",
    path: "src/http.py",
    range: range(3),
    selectionRange: range(4),
    name: "send",
    qualifiedName: "Client.send",
    kind: "method",
    language: "python",
    score: 0.5,
    preview: "    @retry\n    def send(self):\n        pass\n        return again(self)\n",
    previewLine: 3,
    signature: "def send(self)",
    why: "",
    matches: { name: [], path: [], doc: [], body: [] },
    similarity: null,
    highlights: [range(6, 15, 20)],
    duplicates: 0,
    ...changes,
  };
}

test("a row says name, place and copies, and two lines of code", () => {
  assert.deepEqual(row(result({ duplicates: 1 })), {
    icon: "symbol-method",
    label: "Client.send",
    description: "src/http.py:5 · 1 copy",
    detail: "def send(self):  ⏎  return again(self)",
  });
});

test("without matched words the line after the definition is the second, and one line is enough", () => {
  assert.deepEqual(excerpt(result({ highlights: [] })), ["def send(self):", "pass"]);
  assert.deepEqual(excerpt(result({ name: "x", preview: "x = 1", previewLine: 4, highlights: [] })), ["x = 1"]);
  assert.deepEqual(excerpt(result({ preview: "", highlights: [] })), []);
  assert.deepEqual(excerpt(result({ preview: "}\n{\n", highlights: [] })), []);
  assert.equal(excerpt(result({ name: "y", preview: "y".repeat(500), previewLine: 4 }))[0]?.length, 110);
});

test("where the line to jump to is not the definition, the signature stands before it", () => {
  assert.deepEqual(excerpt(result({ selectionRange: range(6) })), ["def send(self)", "return again(self)"]);
});

test("what has no name is called by its first line", () => {
  assert.equal(row(result({ name: "", qualifiedName: "" })).label, "    @retry");
});

test("no text of the workspace becomes an icon or breaks a line", () => {
  assert.equal(shown("echo $(date)\u202e\n$x"), "echo \\$(date)  $x");
});

test("filters are those that were chosen", () => {
  const here = { folder: "file:///a", path: "src/[id]" };
  assert.deepEqual(filters(EVERYTHING, here), {});
  assert.deepEqual(filters({ languages: ["go"], kinds: ["class"], here: true }, here), {
    languages: ["go"],
    kinds: ["class"],
    folder: "file:///a",
    paths: ["/src/\\[id\\]/"],
  });
  assert.deepEqual(filters({ ...EVERYTHING, here: true }, { ...here, path: "" }), { folder: "file:///a" });
  assert.deepEqual(filters({ ...EVERYTHING, here: true }, undefined), {});
  assert.equal(pattern("a b"), "/a b/");
});

test("the title says what narrows the question", () => {
  const here = { folder: "file:///a", path: "src" };
  assert.equal(title("Find Code", EVERYTHING, here), "Find Code");
  assert.equal(
    title("Find Code", { languages: ["go", "c"], kinds: ["class"], here: true }, here),
    "Find Code · go, c · class · in src/",
  );
  assert.equal(title("Find Code", { ...EVERYTHING, here: true }, { ...here, path: "" }), "Find Code · in this folder");
});

test("languages are offered by how often they answer", () => {
  const found = [result(), result({ language: "go" }), result({ language: "go" }), result({ language: "" })];
  assert.deepEqual(facets(found, "language"), [
    { value: "go", count: 2 },
    { value: "python", count: 1 },
  ]);
});

test("a question asked again moves to the front", () => {
  assert.deepEqual(remembered(["b", "a"], " a "), ["a", "b"]);
  assert.deepEqual(remembered(["a"], "  "), ["a"]);
  const many = Array.from({ length: 60 }, (_, index) => String(index));
  assert.equal(remembered(many, "new").length, 50);
});

test("results are grouped by file, the best file first, and in the order of lines", () => {
  const found = [result({ selectionRange: range(9) }), result({ uri: "file:///b", path: "b" }), result()];
  const files = byFile(found);
  assert.deepEqual(
    files.map((file) => [file.path, file.results.map((each) => each.selectionRange.start.line)]),
    [
      ["src/http.py", [4, 9]],
      ["b", [4]],
    ],
  );
});

test("steps go around the ends", () => {
  assert.equal(step(3, 2, 1), 0);
  assert.equal(step(3, 0, -1), 2);
});
