// Where the server is found: by uvx, once one agrees, and by the setting; the log tells which it was.
export const settings = {};

export async function play(window, { program }) {
  await window.answer("uvx can download it and run it", "Run It with uvx");
  const seen = { downloaded: await window.status("ready") };
  await window.command("Sightline: Show Log");
  seen.log = await window.output("found in uvx");

  window.settings({ "sightline.server.command": [program] });
  seen.logThen = await window.output("found in the setting sightline.server.command");
  seen.ready = await window.status("ready");
  seen.messages = await window.messages();
  return seen;
}
