import assert from "node:assert/strict";
import { test } from "node:test";
import { listed } from "../src/search/symbols";

const ICON = "$(symbol-variable) ";

/** Whether the list shows a name: the letters of the question in their order within 128 characters. */
function survives(name: string, question: string): boolean {
  const label = (ICON + name).slice(0, 128).toLowerCase();
  let from = ICON.length;
  return [...question.toLowerCase()].every((letter) => {
    const at = label.indexOf(letter, from);
    from = at + 1;
    return at !== -1;
  });
}

test("every answer survives the list's filter, in its order", () => {
  const names = [
    "dedent",
    "a".repeat(200),
    "x",
    "TextWrapper._handle_long_word",
    ...Array.from({ length: 16 }, (_, n) => `f${n}`),
  ];
  for (const question of ["shared-margin", "where_is_the_whitespace_of_every_line_removed"]) {
    const shown = listed(names, question);
    assert.ok(shown.every((name) => survives(name, question)));
    const places = shown.map((name) => name.indexOf(` ← ${question}`));
    assert.deepEqual(
      places,
      [...places].sort((one, other) => one - other),
    );
    assert.equal(new Set(places).size, names.length);
  }
});

test("a name that is spelt like the question stays as it is", () => {
  assert.deepEqual(listed(["Dedent", "undedented"], "dedent"), ["Dedent", "undedented"]);
  assert.deepEqual(listed(["a"], " "), ["a"]);
});
