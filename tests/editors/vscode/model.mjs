// Another model, chosen from the list: it is in use without a further step.
export const settings = {};

export async function play(window) {
  await window.status("ready");
  await window.command("Sightline: Show Status");
  const seen = { before: await window.webview("Model") };
  await window.command("Sightline: Choose Model…");
  await window.row("default");
  seen.offered = (await window.rows()).map((row) => row.name);
  await window.type("in use");
  await window.listed((rows) => rows.length === 1 && rows[0].place === "in use");
  seen.inUse = (await window.rows())[0].name;
  await window.press("Control+a");
  await window.type("default");
  await window.row("default");
  await window.press("Enter");
  await window.closed();
  seen.after = await window.webview("default,");
  seen.ready = await window.status("ready");
  seen.messages = await window.messages();
  return seen;
}
