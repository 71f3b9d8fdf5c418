// Visual Studio Code in a browser, as a person sees it: keys are pressed, and the page is read.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Milliseconds after which something that has to come is taken for something that never does. */
const PATIENCE = 150_000;
/** Milliseconds after which keys that opened no list are pressed again. */
const SECOND_TRY = 15_000;
/** Milliseconds that a list has to keep the keyboard before one types. */
const SETTLED = 250;
/** Where one types into a list. */
const INPUT = ".quick-input-widget .quick-input-box input";
const BROWSERS = ["/usr/bin/chromium", "/usr/bin/google-chrome"];
const SETTINGS = {
  "breadcrumbs.enabled": false,
  "chat.disableAIFeatures": true,
  "editor.minimap.enabled": false,
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off",
  "git.enabled": false,
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "workbench.colorTheme": "Default Dark Modern",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

/** One window on a folder, from `open` to `close`. */
export class Window {
  /** `props`: where code-server is (`folder`), a folder for its own things (`data`), `repository`, `environment`. */
  static async open(props, settings = {}) {
    const window = new Window();
    window.props = props;
    window.settings(settings);
    const args = ["--auth", "none", "--bind-addr", "127.0.0.1:0", "--disable-telemetry", "--disable-update-check"];
    const folders = ["--user-data-dir", props.data, "--extensions-dir", props.extensions];
    const entry = join(props.folder, "node_modules/code-server/out/node/entry.js");
    window.server = spawn(process.execPath, [entry, ...args, ...folders], { env: props.environment });
    try {
      const address = await listening(window.server);
      const { chromium } = createRequire(join(props.folder, "package.json"))("playwright-core");
      window.browser = await chromium.launch({ executablePath: BROWSERS.find(existsSync), args: ["--no-sandbox", "--disable-gpu"] });
      window.page = await window.browser.newPage({ viewport: { width: 1180, height: 720 } });
      window.page.setDefaultTimeout(PATIENCE);
      await window.page.goto(`${address}?folder=${encodeURIComponent(props.repository)}`, { waitUntil: "commit" });
      await window.page.waitForSelector(".explorer-folders-view .monaco-list-row");
      return window;
    } catch (error) {
      await window.close();
      throw error;
    }
  }

  /** Write the person's settings, and the same as those of the machine, from where alone programs are taken. */
  settings(settings) {
    for (const whose of ["User", "Machine"]) {
      mkdirSync(join(this.props.data, whose), { recursive: true });
      writeFileSync(join(this.props.data, whose, "settings.json"), JSON.stringify({ ...SETTINGS, ...settings }));
    }
  }

  async close() {
    await this.browser?.close();
    const ended = new Promise((resolve) => this.server.once("exit", resolve));
    this.server.kill("SIGTERM");
    await ended;
  }

  /** What `look`, a function that runs in the page, answers once that is true. */
  async until(look, argument) {
    const found = await this.page.waitForFunction(look, argument, { polling: 50 });
    return found.jsonValue();
  }

  /** Wait until `look`, a function that runs here, answers what is true, or promises it. */
  async waitFor(look) {
    const end = Date.now() + PATIENCE;
    while (!(await look())) {
      if (Date.now() > end) throw new Error(`Never came true: ${look}`);
      await this.page.waitForTimeout(50);
    }
  }

  press(keys) {
    return this.page.keyboard.press(keys);
  }

  type(text) {
    return this.page.keyboard.type(text);
  }

  /** Take a picture where one is wanted. */
  async picture(name, clip) {
    if (this.props.pictures) {
      await this.page.screenshot({ path: join(this.props.pictures, `${name}.png`), ...(clip ? { clip } : {}) });
    }
  }

  // The status bar

  /** The text of the extension's item once it holds `part`. */
  status(part) {
    return this.until((part) => {
      const text = document.querySelector('.statusbar-item[id*="sightline.status"]')?.textContent?.trim() ?? "";
      return text.includes(part) && text;
    }, part);
  }

  /** Wait until the cursor is in a line, counted from 1. */
  async cursorAt(line) {
    await this.until((line) => {
      const text = document.querySelector(".statusbar-item[id='status.editor.selection']")?.textContent ?? "";
      return text.includes(`Ln ${line},`);
    }, line);
  }

  /** Line of the cursor once it is below the first, where it stands in a file just opened. */
  async landed() {
    await this.until(() => {
      const text = document.querySelector(".statusbar-item[id='status.editor.selection']")?.textContent ?? "Ln 1,";
      return !text.includes("Ln 1,");
    });
    return this.line();
  }

  /** Line of the cursor, counted from 1. */
  async line() {
    const text = await this.page.textContent(".statusbar-item[id='status.editor.selection']");
    return Number(/Ln (\d+)/.exec(text)[1]);
  }

  // Lists to choose from

  /** Open a list by its keys once the one before is gone, and wait until it has the keyboard. */
  async list(keys) {
    await this.closed();
    await this.press(keys);
    await this.until(hasKeyboard, INPUT);
  }

  /** Open one of the editor's own lists, which is not what is tested, and wait until it has the keyboard and keeps it. */
  async editorsList(keys) {
    await this.closed();
    await this.again(() => this.press(keys), hasKeyboard, INPUT);
  }

  /**
   * Open a list by `open` until `look`, a function that runs in the page, stays true.
   *
   * An editor or a page that comes up late takes the keyboard, and the list goes: then a person opens it again.
   */
  async again(open, look, argument) {
    const end = Date.now() + PATIENCE;
    const options = { polling: 50, timeout: SECOND_TRY };
    for (let there = false; !there; ) {
      if (Date.now() > end) throw new Error(`Never came true: ${look}`);
      await open();
      const came = await this.page.waitForFunction(look, argument, options).then(() => true, () => false);
      await this.page.waitForTimeout(SETTLED);
      there = came && (await this.page.evaluate(look, argument));
    }
  }

  /** Wait until this stands where one types into a list. */
  typed(text) {
    return this.until(([input, text]) => document.querySelector(input)?.value === text, [INPUT, text]);
  }

  /** Open the picker by a key, and type a question. */
  async ask(question, key = "Control+Alt+f") {
    await this.list(key);
    await this.type(question);
  }

  /** Open the editor's own list of symbols, and type into it. */
  async symbols(query) {
    await this.editorsList("Control+p");
    await this.type(`#${query}`);
  }

  /** Run a command by its title. */
  async command(title) {
    await this.editorsList("F1");
    await this.type(title);
    await this.row(title);
    await this.press("Enter");
  }

  /** Open a list by a command, and wait until its first row holds `part`. */
  listBy(title, part) {
    return this.again(() => this.command(title), firstRow, part);
  }

  /** The rows of the list on show, each its texts. */
  rows() {
    return this.page.evaluate(rowsOnShow);
  }

  /** The text of the first row once it holds `part`. */
  row(part) {
    return this.until(firstRow, part);
  }

  /** Wait until the rows on show are as `wanted`. */
  async listed(wanted) {
    const end = Date.now() + PATIENCE;
    for (let rows = await this.rows(); ; rows = await this.rows()) {
      if (wanted(rows)) return rows;
      if (Date.now() > end) throw new Error(`The list shows ${JSON.stringify(rows)}`);
      await this.page.waitForTimeout(50);
    }
  }

  /** Press a button of the list. */
  button(name) {
    return this.page.click(`.quick-input-titlebar [aria-label="${name}"]`);
  }

  /** The title of the list, once it is `title` if one is given. */
  title(title) {
    return this.until((title) => {
      const text = document.querySelector(".quick-input-widget .quick-input-title")?.textContent ?? "";
      return (title === undefined || text === title) && (text || "none");
    }, title);
  }

  /** Tick one of the rows of a list that may have several, and take them. */
  async tick(name) {
    await this.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: name }).first().click();
    await this.press("Enter");
  }

  /** Leave the list. */
  async leave() {
    await this.press("Escape");
    await this.closed();
  }

  /** Wait until no list is on show. */
  closed() {
    return this.page.waitForSelector(".quick-input-widget", { state: "hidden" });
  }

  // Editors

  /** Name of the file in the active editor, once it is `name` if one is given. */
  editor(name) {
    return this.until((name) => {
      const labels = [...document.querySelectorAll(".editor-group-container.active .tab.active .label-name")];
      const text = labels[0]?.textContent ?? "";
      return (name === undefined || text === name) && (text || "none");
    }, name);
  }

  /** Names of the open files, group by group. */
  tabs() {
    return this.page.evaluate(() =>
      [...document.querySelectorAll(".editor-group-container")].map((group) =>
        [...group.querySelectorAll(".tab .label-name")].map((label) => label.textContent),
      ),
    );
  }

  /** Wait until these files are open, group by group. */
  async opened(tabs) {
    const wanted = JSON.stringify(tabs);
    const end = Date.now() + PATIENCE;
    for (let seen = await this.tabs(); JSON.stringify(seen) !== wanted; seen = await this.tabs()) {
      if (Date.now() > end) throw new Error(`Open are ${JSON.stringify(seen)}`);
      await this.page.waitForTimeout(50);
    }
    return tabs;
  }

  async openFile(name) {
    await this.editorsList("Control+p");
    await this.type(name);
    await this.row(name);
    await this.press("Enter");
    await this.editor(name);
  }

  async goToLine(line) {
    await this.editorsList("Control+g");
    await this.type(String(line));
    await this.row(`line ${line}`);
    await this.press("Enter");
    await this.closed();
    await this.cursorAt(line);
  }

  /** Number of the first line on show in the active editor. */
  topLine() {
    return this.page.evaluate(() => {
      const editor = document.querySelector(".editor-group-container.active .monaco-editor");
      const { top } = editor.getBoundingClientRect();
      const numbers = [...editor.querySelectorAll(".line-numbers")].filter(
        (each) => each.getBoundingClientRect().bottom > top + 2,
      );
      return Math.min(...numbers.map((each) => Number(each.textContent)));
    });
  }

  /** Wait until an extension has marked something there. */
  marked() {
    return this.until(
      () => document.querySelectorAll('.editor-group-container.active [class*="TextEditorDecorationType"]').length > 1,
    );
  }

  /** How many stretches an extension has marked in the active editor. */
  marks() {
    return this.page.evaluate(
      () => document.querySelectorAll('.editor-group-container.active [class*="TextEditorDecorationType"]').length,
    );
  }

  // The panel and the status page

  /** The rows of the tree in the panel. */
  tree() {
    return this.page.evaluate(() => [...document.querySelectorAll(".part.panel .pane-body .monaco-list-row")].map((row) => row.textContent));
  }

  /** The row of that tree which is selected, once that is another than `before`. */
  selectedInTree(before = "") {
    return this.until((before) => {
      const text = document.querySelector(".part.panel .pane-body .monaco-list-row.selected")?.textContent ?? "";
      return text !== before && text;
    }, before);
  }

  /** The text of the page in the active editor, once it holds `part`. */
  async webview(part) {
    const frame = this.page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
    await frame.getByText(part).first().waitFor();
    return frame.locator("body").innerText();
  }

  /** What the output on show says, once it holds `part`. */
  output(part) {
    return this.until((part) => {
      const lines = [...document.querySelectorAll(".part.panel .view-line")];
      const text = lines.map((line) => line.textContent.replaceAll("\u00a0", " ")).join(""); // Long ones are wrapped.
      return text.includes(part) && text;
    }, part);
  }

  // Messages

  /** Press a button of the message that holds `part`. */
  async answer(part, button) {
    await this.message(part);
    await this.page.locator(".notification-toast").filter({ hasText: part }).getByRole("button", { name: button }).click();
  }

  /** The messages on show. */
  messages() {
    return this.page.evaluate(() =>
      [...document.querySelectorAll(".notification-toast .notification-list-item-message")].map((each) => each.textContent),
    );
  }

  /** The message that holds `part`, once there is one. */
  message(part) {
    return this.until((part) => {
      const all = [...document.querySelectorAll(".notification-toast .notification-list-item-message")];
      return all.map((each) => each.textContent).find((text) => text.includes(part));
    }, part);
  }
}

// What runs in the page

function firstRow(part) {
  const row = document.querySelector('.quick-input-widget:not([style*="none"]) .quick-input-list .monaco-list-row');
  const text = row?.textContent ?? "";
  return text.includes(part) && text;
}

function hasKeyboard(input) {
  return document.activeElement?.matches(input);
}

function rowsOnShow() {
  return [...document.querySelectorAll(".quick-input-list .monaco-list-row")].map((row) => ({
    name: row.querySelector(".label-name")?.textContent ?? "",
    place: row.querySelector(".label-description")?.textContent ?? "",
    code: row.querySelector(".quick-input-list-label-meta")?.textContent ?? "",
  }));
}

/** The address that code-server says it listens at. */
function listening(server) {
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (data) => {
      said += data;
      const found = /listening on (http\S+)/.exec(said);
      if (found) resolve(found[1]);
    };
    server.stdout.on("data", hear);
    server.stderr.on("data", hear);
    server.once("exit", () => reject(new Error(`code-server ended: ${said}`)));
  });
}
