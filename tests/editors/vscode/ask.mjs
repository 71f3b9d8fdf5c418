// A question, from the keyboard to the function and back, typing on at once, and to the side.
export const settings = {};

export async function play(window, { question }) {
  const seen = { ready: await window.status("ready") };
  await window.openFile("shlex.py");
  await window.goToLine(200);
  const before = await spot(window);

  await look(window, question);
  seen.offered = (await window.rows()).slice(0, 3);
  await window.picture("vscode-picker");
  await window.leave();
  await window.editor("shlex.py");
  await window.cursorAt(before.line);
  await window.opened([["shlex.py"]]);
  await window.waitFor(async () => (await window.topLine()) === before.top);
  seen.returned = [before, await spot(window)];
  seen.marks = await window.marks();

  await look(window, question);
  await window.press("Escape");
  await window.type("zzz"); // At once: it must not land in the code that was only looked at, which would keep that open.
  await window.closed();
  await window.opened([["shlex.py"]]);
  seen.line = await window.line();

  await look(window, question);
  await window.press("Control+Alt+f"); // Anew, from where one was and not from what was looked at.
  await window.typed("");
  await window.opened([["shlex.py"]]);
  await window.leave();

  await window.ask(question);
  await window.row("dedent");
  await window.press("Enter");
  await window.closed();
  seen.landed = [await window.editor("textwrap.py"), await window.landed()];
  await window.ask("");
  seen.history = await window.row(question);
  await window.press("Enter");
  await window.row("dedent");
  const [, { place }] = await window.rows();
  seen.second = place.replace(/:.*/, "").replace(/.*\//, "");
  await window.press("ArrowDown");
  await window.press("Control+Enter");
  await window.closed();
  seen.groups = await window.opened([["shlex.py", "textwrap.py"], [seen.second]]);
  await window.ask("split like bash"); // Looked at in this group, and open in another.
  await window.row("split");
  await window.editor("shlex.py");
  await window.leave();
  await window.opened(seen.groups);
  await window.ask(question);
  await window.row("dedent");
  await window.press("Control+\\");
  await window.closed();
  seen.more = await window.opened([["shlex.py", "textwrap.py"], [seen.second], ["textwrap.py"]]);
  return seen;
}

/** Ask, and wait until the first answer is on show in the editor. */
async function look(window, question) {
  await window.ask(question);
  await window.row("dedent");
  await window.editor("textwrap.py");
  await window.marked();
}

/** Where one is, once the editor has stopped scrolling. */
async function spot(window) {
  let top = await window.topLine();
  await window.waitFor(async () => {
    const before = top;
    await window.page.waitForTimeout(500);
    return (top = await window.topLine()) === before;
  });
  return { top, line: await window.line() };
}
