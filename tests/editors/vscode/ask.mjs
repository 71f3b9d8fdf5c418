// A question, from the keyboard to the function and back, narrowed, kept in the panel, and asked of unsaved text.
export const settings = {};

export async function play(window, { question }) {
  const seen = { ready: await window.status("ready") };
  await window.openFile("shlex.py");
  await window.goToLine(200);
  const before = await spot(window);

  await window.ask(question);
  await window.row("dedent");
  seen.offered = (await window.rows()).slice(0, 3);
  await window.editor("textwrap.py");
  await window.marked();
  await window.picture("vscode-picker");
  await window.leave();
  await window.editor("shlex.py");
  await window.cursorAt(before.line);
  await window.opened([["shlex.py"]]);
  await window.waitFor(async () => (await window.topLine()) === before.top);
  seen.returned = [before, await spot(window)];
  seen.marks = await window.marks();

  await window.ask(question);
  await window.row("dedent");
  await window.press("Enter");
  await window.closed();
  seen.landed = [await window.editor("textwrap.py"), await window.landed()];
  await window.ask("");
  seen.history = await window.row(question);
  await window.press("Enter");
  await window.row("dedent");
  await window.press("ArrowDown");
  await window.press("Control+\\");
  await window.closed();
  seen.groups = await window.opened([["shlex.py", "textwrap.py"], ["textwrap.py"]]);
  return seen;
}

async function spot(window) {
  return { top: await window.topLine(), line: await window.line() };
}
