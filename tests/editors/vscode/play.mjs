// node play.mjs SCENARIO PROPS: plays a scenario and prints what it saw, as JSON.
import { Window } from "./stage.mjs";

const [scenario, props] = process.argv.slice(2);
const { settings, play } = await import(`./${scenario}.mjs`);
const window = await Window.open(JSON.parse(props), settings);
try {
  process.stdout.write(JSON.stringify(await play(window, JSON.parse(props))));
} catch (error) {
  const { data } = JSON.parse(props);
  await window.page.screenshot({ path: `${data}/failed.png` });
  process.stderr.write(`${error.stack}\nWhat it looked like: ${data}/failed.png\nMessages: ${await window.messages()}\n`);
  process.exitCode = 1;
} finally {
  await window.close();
}
