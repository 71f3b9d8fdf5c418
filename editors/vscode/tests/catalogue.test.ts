import assert from "node:assert/strict";
import { test } from "node:test";
import { described, models } from "../src/catalogue";

const MODEL = {
  name: "large",
  bytes: 2_496_703_776,
  memory: 800_000_000,
  dimensions: 2_560,
  licence: "MIT",
  here: false,
  in_use: false,
  fits: true,
  remark: "needs 2 GB more",
};

test("what the command prints is read, and anything else refused", () => {
  assert.equal(models(JSON.stringify({ models: [MODEL] }))[0]?.name, "large");
  assert.throws(() => models("{}"), /does not list models/);
  assert.throws(() => models("Usage: sightline"));
});

test("a model is described by its state and what it takes", () => {
  assert.deepEqual(described(MODEL), {
    description: "2.5 GB to fetch",
    detail: "2560 dimensions, 800 MB of memory, MIT",
  });
  assert.equal(described({ ...MODEL, here: true }).description, "here");
  assert.equal(described({ ...MODEL, here: true, in_use: true }).description, "in use");
  assert.equal(described({ ...MODEL, fits: false }).description, "needs 2 GB more");
});
