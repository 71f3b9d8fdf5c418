import assert from "node:assert/strict";
import { test } from "node:test";
import { discover, type Surroundings } from "../src/server/candidates";
import { lastWords, Restarts } from "../src/server/restarts";

function where(programs: readonly string[], changes: Partial<Surroundings> = {}): Surroundings {
  return {
    windows: false,
    trusted: true,
    setting: [],
    home: "/home/me",
    python: "/project/.venv/bin/python",
    path: ["/usr/bin", "/opt/bin/", "", "relative", "."],
    version: "1.2.3",
    isProgram: (file) => programs.includes(file),
    ...changes,
  };
}

const EVERYWHERE = [
  "/project/.venv/bin/sightline",
  "/usr/bin/sightline",
  "/usr/bin/uvx",
  "./sightline",
  "relative/sightline",
];

test("the setting goes first, then the environment, PATH and uvx", () => {
  const setting = ["~/bin/sightline", "--flag"];
  assert.deepEqual(discover(where(EVERYWHERE, { setting })), {
    command: "/home/me/bin/sightline",
    args: ["--flag", "lsp"],
    origin: "setting",
  });
  assert.equal(discover(where(EVERYWHERE))?.command, "/project/.venv/bin/sightline");
  assert.equal(discover(where(EVERYWHERE.slice(1)))?.command, "/usr/bin/sightline");
  assert.deepEqual(discover(where(["/opt/bin/uvx"])), {
    command: "/opt/bin/uvx",
    args: ["--from", "sightline==1.2.3", "sightline", "lsp"],
    origin: "uvx",
  });
  assert.equal(discover(where(["relative/sightline", "./uvx"])), undefined);
});

test("an environment is not looked at in a workspace nobody trusts", () => {
  assert.equal(discover(where(EVERYWHERE, { trusted: false }))?.origin, "path");
  assert.equal(discover(where(EVERYWHERE, { python: undefined }))?.origin, "path");
});

test("a setting that names nothing there is is still the one to start", () => {
  assert.equal(discover(where([], { setting: ["/gone"] }))?.command, "/gone");
  assert.equal(discover(where(EVERYWHERE, { setting: [""] }))?.origin, "python");
});

test("programs are found under Windows", () => {
  const windows = { windows: true, python: "C:\\env\\python.exe", path: ["C:\\tools\\"] };
  const scripts = "C:\\env\\Scripts\\sightline.exe";
  assert.equal(discover(where([scripts], windows))?.command, scripts);
  assert.equal(discover(where(["C:\\tools\\sightline.exe"], windows))?.command, "C:\\tools\\sightline.exe");
});

test("a server that ends is started three times in five minutes, ever later", () => {
  const restarts = new Restarts();
  const waits = [0, 1, 2, 3].map((minute) => restarts.next(minute * 60_000));
  assert.deepEqual(waits, [250, 1_000, 3_000, undefined]);
  assert.equal(restarts.next(5 * 60_000), 3_000);
  restarts.forget();
  assert.equal(restarts.next(5 * 60_000), 250);
});

test("of a traceback the last line is what a person should read", () => {
  assert.equal(
    lastWords("Traceback:\r\n  File x\nModuleNotFoundError: No module named 'pygls'\n\n"),
    "ModuleNotFoundError: No module named 'pygls'",
  );
  assert.equal(lastWords(""), "");
  assert.equal(lastWords("x".repeat(500)).length, 200);
});
