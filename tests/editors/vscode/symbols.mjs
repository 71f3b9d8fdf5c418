// The editor's own list of symbols, what it offers for code at the cursor, and the key of that list.
export const settings = { "sightline.findCodeOnGoToSymbolKey": true };

export async function play(window, { question }) {
  const seen = { ready: await window.status("ready") };
  await window.openFile("fnmatch.py");
  await window.symbols(question.replaceAll(" ", "-"));
  await window.row("dedent");
  seen.listed = await window.rows();
  await window.picture("vscode-symbols");
  await window.press("Enter");
  await window.closed();
  seen.landed = [await window.editor("textwrap.py"), await window.landed()];
  await window.symbols("dedent");
  await window.row("dedent");
  seen.named = (await window.rows())[0].name;
  await window.leave();

  await window.press("Shift+ArrowDown");
  await window.page.waitForSelector('.monaco-editor [class*="lightbulb"], .monaco-editor [class*="light-bulb"]');
  await window.press("Control+.");
  seen.offered = await window.page.getByText("Find similar code").first().textContent();
  await window.press("Escape");

  await window.ask(question, "Control+t");
  await window.row("dedent");
  seen.key = await window.title();
  return seen;
}
