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
  seen.kinds = await window.row("method");
  await window.page.click(".quick-input-list .monaco-list-row");
  await window.press("Enter");
  await window.listed((rows) => rows.length > 0 && rows.every((row) => row.name.includes(".")));
  seen.kind = await window.title();
  await window.leave();

  await window.ask(question);
  await window.row("dedent");
  await window.press("Control+Shift+l");
  await window.page.waitForSelector(".pane-body .monaco-list-row");
  await window.closed();
  seen.kept = await window.tree();
  await window.page.waitForSelector('.panel [aria-label^="Go to Next Result"]');
  await window.press("F4");
  seen.first = [await window.editor("textwrap.py"), await window.selectedInTree()];
  await window.command("Sightline: Go to Next Result");
  await window.until((first) => document.querySelector(".pane-body .monaco-list-row.selected")?.textContent !== first, seen.first[1]);
  seen.second = await window.selectedInTree();
  await window.command("Sightline: Go to Previous Result");
  await window.until((first) => document.querySelector(".pane-body .monaco-list-row.selected")?.textContent === first, seen.first[1]);
  await window.picture("vscode-panel");

  await window.openFile("bisect.py");
  await window.goToLine(70);
  await window.command("Sightline: Find Similar Code");
  await window.row("bisect_right");
  seen.similar = (await window.rows()).slice(0, 2);
  await window.leave();

  await window.press("Control+Home");
  await window.type("def defrost_the_lasagna(oven): return oven.warm()  # thaw frozen pasta\n");
  await window.openFile("fnmatch.py");
  await window.ask("thaw frozen pasta");
  await window.row("defrost_the_lasagna");
  await window.press("Enter");
  seen.unsaved = [await window.editor("bisect.py"), await window.line()];

  await window.command("Sightline: Pause Indexing");
  seen.paused = await window.status("paused");
  await window.page.click('.statusbar-item[id*="sightline.status"] a');
  seen.page = await window.webview("Searchable");
  await window.picture("vscode-status");
  await window.command("Sightline: Resume Indexing");
  seen.resumed = await window.status("ready");
  return seen;
}
