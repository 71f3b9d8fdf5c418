// Another model, chosen from the list: it is in use without a further step, whatever named the one before.
export const settings = {};

export async function play(window) {
  await window.status("ready");
  await window.command("Sightline: Show Status");
  const seen = { before: await window.webview("Model") };
  seen.inUse = await choose(window, "default", seen);
  seen.after = await window.webview("default,");
  seen.ready = await window.status("ready");
  seen.messages = await window.messages();

  await window.page.click(".tab.active .codicon-close"); // A page that is loaded anew has no keyboard meanwhile.
  window.settings({ "sightline.model": "bge-m3" });
  await window.message("The model bge-m3 is not here yet"); // The one before goes on until a start.
  await window.command("Notifications: Clear All Notifications");
  await window.command("Sightline: Restart Server");
  seen.words = await window.status("words only");
  seen.inUseThen = await choose(window, "default", seen);
  seen.readyThen = await window.status("ready");
  return seen;
}

/** Choose a model; answers which was in use. */
async function choose(window, name, seen) {
  await window.listBy("Sightline: Choose Model…", "default");
  seen.offered = (await window.rows()).map((row) => row.name);
  await window.type("in use");
  const [inUse] = await window.listed((rows) => rows.length === 1 && rows[0].place === "in use");
  await window.press("Control+a");
  await window.type(name);
  await window.row(name);
  await window.press("Enter");
  await window.closed();
  return inUse.name;
}
