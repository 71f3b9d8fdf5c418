// Answers narrowed and kept in the panel, code that resembles other code, text that is not saved, and indexing paused.
export const settings = {};

export async function play(window, { question }) {
  const seen = {};
  await window.status("ready");
  await window.openFile("shlex.py");
  await window.goToLine(308);

  await window.ask("split");
  await window.row("split");
  await window.button("This Folder Only");
  await window.listed((rows) => rows.length > 0 && rows.every((row) => row.place.startsWith("shell/shlex.py")));
  seen.here = await window.title();
  await window.button("This Folder Only");
  await window.listed((rows) => rows.some((row) => row.place.startsWith("text/")));
  await window.button("Only These Kinds…");
  await window.title("Find Code of These Kinds");
  await window.tick("method");
  await window.listed((rows) => rows.length > 0 && rows.every((row) => row.name.includes(".")));
  seen.kind = await window.title();
  await window.leave();

  await window.ask("indent the lines of a paragraph");
  await window.listed((rows) => rows.some((row) => row.place.startsWith("text/")));
  await window.button("Only These Languages…");
  await window.title("Find Code in These Languages");
  await window.tick("lua");
  await window.listed((rows) => rows.length > 0 && rows.every((row) => row.place.startsWith("questions.lua")));
  seen.language = await window.title();
  await window.leave();

  await window.ask(question);
  await window.row("dedent");
  await window.press("Control+Shift+l");
  await window.closed();
  await window.waitFor(async () => (await window.tree()).some((row) => row.startsWith("dedent")));
  await window.page.waitForSelector('.panel [aria-label^="Go to Next Result"]');
  await window.press("F4");
  seen.first = [await window.editor("textwrap.py"), await window.selectedInTree()];
  await window.command("Sightline: Go to Next Result");
  seen.second = await window.selectedInTree(seen.first[1]);
  await window.command("Sightline: Go to Previous Result");
  seen.third = await window.selectedInTree(seen.second);
  await window.picture("vscode-panel");

  await window.openFile("bisect.py");
  await window.goToLine(70);
  await window.command("Sightline: Find Similar Code");
  await window.row("bisect_right");
  seen.similar = (await window.rows()).slice(0, 2);
  await window.marked();
  await window.leave();
  await window.cursorAt(70);

  await window.press("Control+Home");
  await window.cursorAt(1);
  await window.type("def defrost_the_lasagna(oven): return oven.warm()  # thaw frozen pasta\n");
  await window.openFile("fnmatch.py");
  await window.ask("thaw frozen pasta");
  await window.row("defrost_the_lasagna");
  await window.press("Enter");
  seen.unsaved = await window.editor("bisect.py");
  await window.cursorAt(1);

  await window.command("Sightline: Pause Indexing");
  seen.paused = await window.status("paused");
  const item = '.statusbar-item[id*="sightline.status"] a';
  await window.page.hover(item);
  seen.told = await window.page.locator(".monaco-hover").filter({ hasText: "paused" }).first().textContent();
  await window.picture("vscode-status", { x: 650, y: 644, width: 530, height: 76 });
  await window.page.click(item);
  seen.page = await window.webview("Searchable");
  await window.command("Sightline: Resume Indexing");
  seen.resumed = await window.status("ready");

  return seen;
}
