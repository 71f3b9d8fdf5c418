// Bundles the extension into one file; with --tests, the tests of its pure modules into another.
import { context } from "esbuild";

const tests = process.argv.includes("--tests");
const bundle = await context({
  entryPoints: [tests ? "tests/all.ts" : "src/extension.ts"],
  outfile: tests ? "dist/tests.js" : "dist/extension.js",
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node20",
  external: ["vscode"],
  minify: !tests,
  sourcemap: false,
  logLevel: "warning",
});
if (process.argv.includes("--watch")) {
  await bundle.watch();
} else {
  await bundle.rebuild();
  await bundle.dispose();
}
