// A server that is missing, does not start, hangs, is killed, and stops to answer: it is said once, and the editor goes on.
import { copyFileSync, readFileSync } from "node:fs";

export const settings = { "sightline.server.patience": 3 };

export async function play(window, { question, place, crashing, hanging, mortal, started }) {
  const seen = { missing: await window.message("Sightline"), status: await window.status("problem") };
  await window.ask("anything");
  seen.picker = await window.row("Sightline cannot find its server");
  await window.leave();
  const restart = async (program) => {
    await window.command("Notifications: Clear All Notifications");
    copyFileSync(program, place);
    await window.command("Sightline: Restart Server");
  };

  await restart(crashing);
  seen.crashing = await window.message("ended with status");
  seen.messages = await window.messages();

  await restart(hanging);
  seen.hanging = await window.message("did not answer");

  await restart(mortal);
  await window.status("ready");
  const first = latest(started);
  process.kill(first, "SIGKILL");
  await window.waitFor(() => latest(started) !== first);
  await window.status("ready");

  await window.openFile("bisect.py");
  process.kill(latest(started), "SIGSTOP");
  await window.ask(question);
  seen.found = await window.row("dedent");
  seen.starts = readFileSync(started, "utf8").trim().split("\n").length;
  await window.leave();
  seen.afterwards = await window.messages();
  return seen;
}

/** The process that was started last. */
function latest(started) {
  return Number(readFileSync(started, "utf8").trim().split("\n").at(-1));
}
