// The picker: a question, its answers while one types, and a look at each of them in the editor.
import * as vscode from "vscode";
import { type Answer, type Result, SEARCH, type SearchMembers, SIMILAR, type SimilarMembers } from "../protocol";
import type { Panel } from "../results/panel";
import { NotRunning, type Server } from "../server/server";
import { placeOf } from "./places";
import type { Preview } from "./preview";
import { EVERYTHING, facets, filters, type Here, type Narrowing, title } from "./question";
import { row } from "./rows";

const KEYBOARD_RESTS_MS = 120;
const LIMIT = 30;
const PANEL_LIMIT = 100;

/** A row: a result, a question asked before, or a sentence, which has neither. */
interface Item extends vscode.QuickPickItem {
  readonly result?: Result;
  readonly question?: string;
}

/** What is asked: a question, or what resembles a place. */
export type Wanted = { readonly place: Pick<SimilarMembers, "textDocument" | "range" | "position"> } | "question";

const BESIDE: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon("split-horizontal"),
  tooltip: "Open to the Side",
};
const IN_PANEL: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon("list-tree"),
  tooltip: "Show All in Panel",
};

/** The questions asked before. */
export interface Memory {
  readonly history: readonly string[];
  remember(question: string): void;
}

/** One picker, from its first letter to the place that was chosen or to where one was. */
export class Finding {
  private readonly picker = vscode.window.createQuickPick<Item>();
  private readonly shows = new vscode.EventEmitter<boolean>();
  /** Told when it comes to stand in front, and when it no longer does. */
  readonly onDidShow = this.shows.event;
  private readonly here = whereabouts();
  private narrowing: Narrowing = EVERYTHING;
  private answer: Answer | undefined;
  private asking: vscode.CancellationTokenSource | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly subscriptions: vscode.Disposable[];
  /** Whether another list stands before this one for a moment. */
  private aside = false;
  private done = false;
  private begun: Promise<void> = Promise.resolve();
  private health = "";

  constructor(
    private readonly wanted: Wanted,
    private readonly server: Server,
    private readonly preview: Preview,
    private readonly panel: Panel,
    private readonly memory: Memory,
  ) {
    this.health = server.health.state;
    // Our order is the answer's; the editor would put names that are spelt like the question first.
    Object.assign(this.picker, { sortByLabel: false });
    this.subscriptions = [
      this.picker,
      this.picker.onDidChangeValue(() => this.ask(KEYBOARD_RESTS_MS)),
      this.picker.onDidChangeActive(([item]) => this.look(item)),
      this.picker.onDidAccept(() => this.accept(false)),
      this.picker.onDidTriggerButton((button) => void this.press(button)),
      this.picker.onDidTriggerItemButton(({ item }) => this.choose(item, true)),
      this.picker.onDidHide(() => this.hidden()),
      this.server.onDidChange(() => this.follow()),
    ];
  }

  /** Ask again when the server has come back. */
  private follow(): void {
    const { state } = this.server.health;
    if (state !== this.health) {
      this.health = state;
      if (this.answer === undefined) {
        this.ask(0);
      }
    }
  }

  private get ofQuestion(): boolean {
    return this.wanted === "question";
  }

  begin(question: string): void {
    this.begun = this.preview.begin();
    this.picker.placeholder = this.ofQuestion
      ? "What does the code do? You may add lang:go, path:src/, kind:class, -test"
      : "Type to narrow what was found";
    this.picker.matchOnDescription = this.picker.matchOnDetail = !this.ofQuestion;
    this.picker.value = question;
    this.dress();
    this.show();
    this.ask(0);
  }

  /** Go back to where one was and only then close: what is typed meanwhile must not land in the code on show. */
  async leave(): Promise<void> {
    if (this.finish()) {
      await this.preview.restore();
      this.end();
    }
  }

  accept(beside: boolean): void {
    const [item] = this.picker.activeItems;
    if (item !== undefined) {
      this.choose(item, beside);
    }
  }

  /** Move all that was found to the panel. */
  async keep(): Promise<void> {
    if (this.done || this.answer === undefined || this.answer.results.length === 0) {
      return;
    }
    try {
      const { query, results } = await this.server.ask<Answer>(...this.request(PANEL_LIMIT));
      if (!this.finish()) {
        return;
      }
      this.remember();
      await this.preview.restore();
      this.end();
      await this.panel.show(this.ofQuestion ? query : "Similar code", results);
    } catch (error) {
      this.tellWhyNot(error);
    }
  }

  private show(): void {
    this.aside = false;
    this.shows.fire(true);
    this.picker.show();
  }

  /** The title and the buttons, as the filters are. */
  private dress(): void {
    const { languages, kinds, here } = this.narrowing;
    const icon = (name: string, on: boolean): vscode.ThemeIcon => new vscode.ThemeIcon(on ? "filter-filled" : name);
    this.picker.title = title(this.ofQuestion ? "Find Code" : "Find Similar Code", this.narrowing, this.here);
    this.picker.buttons = [
      { iconPath: icon("code", languages.length > 0), tooltip: LANGUAGES },
      { iconPath: icon("symbol-class", kinds.length > 0), tooltip: KINDS },
      ...(this.here === undefined
        ? []
        : [{ iconPath: new vscode.ThemeIcon(here ? "folder-active" : "folder"), tooltip: HERE }]),
      IN_PANEL,
    ];
  }

  /** Ask once the keyboard has rested; what was asked before is no longer wanted. */
  private ask(delay: number): void {
    const narrowedByEditor = !this.ofQuestion && this.answer !== undefined && delay > 0;
    if (this.done || narrowedByEditor) {
      return;
    }
    clearTimeout(this.timer);
    this.asking?.cancel();
    if (this.ofQuestion && this.picker.value.trim() === "") {
      this.answer = undefined;
      this.picker.busy = false;
      this.picker.items = this.asked();
      return;
    }
    this.picker.busy = true;
    this.timer = setTimeout(() => void this.answerNow(), delay);
  }

  private async answerNow(): Promise<void> {
    const asking = new vscode.CancellationTokenSource();
    this.asking = asking;
    try {
      const answer = await this.server.ask<Answer>(...this.request(LIMIT), asking.token);
      if (!asking.token.isCancellationRequested) {
        this.tell(answer);
      }
    } catch (error) {
      if (!asking.token.isCancellationRequested) {
        this.tellWhyNot(error);
      }
    } finally {
      asking.dispose();
    }
  }

  private request(limit: number, narrowing = this.narrowing): [string, SearchMembers | SimilarMembers] {
    const narrowed = { limit, ...filters(narrowing, this.here) };
    if (this.wanted === "question") {
      return [SEARCH, { ...narrowed, query: this.picker.value }];
    }
    delete narrowed.folder; // It is the one that holds the place.
    return [SIMILAR, { ...narrowed, ...this.wanted.place }];
  }

  private tell(answer: Answer): void {
    this.answer = answer;
    this.picker.busy = false;
    const items: Item[] = answer.results.map((result) => this.item(result));
    const sentence = answer.note || (items.length === 0 ? "Nothing was found." : "");
    this.picker.items = sentence === "" ? items : [...items, saying("info", sentence)];
  }

  private tellWhyNot(error: unknown): void {
    this.answer = undefined;
    const { health } = this.server;
    if (!(error instanceof NotRunning) && health.state === "running") {
      this.picker.busy = false;
      this.picker.items = [saying("warning", error instanceof Error ? error.message : String(error))];
      return;
    }
    this.picker.busy = health.state === "starting";
    this.picker.items = [
      health.state === "failed"
        ? saying("warning", health.problem)
        : saying("info", health.state === "starting" ? "Sightline is starting…" : "Sightline is not running."),
    ];
  }

  private item(result: Result): Item {
    const { icon, ...texts } = row(result);
    return { ...texts, iconPath: new vscode.ThemeIcon(icon), result, alwaysShow: this.ofQuestion, buttons: [BESIDE] };
  }

  /** The questions asked before. */
  private asked(): Item[] {
    return this.memory.history.map((question) => ({
      label: question,
      iconPath: new vscode.ThemeIcon("history"),
      question,
      alwaysShow: true,
    }));
  }

  private look(item: Item | undefined): void {
    const result = item?.result;
    if (result !== undefined) {
      void this.begun.then(() => {
        if (!this.aside && !this.done) {
          void this.preview.show(placeOf(result));
        }
      });
    }
  }

  private choose(item: Item, beside: boolean): void {
    if (item.question !== undefined) {
      this.picker.value = item.question;
      this.ask(0);
    } else if (item.result !== undefined && this.finish()) {
      this.remember();
      void this.open(item.result, beside);
    }
  }

  /** The list stands until the place does: what is typed meanwhile must not land elsewhere. */
  private async open(result: Result, beside: boolean): Promise<void> {
    try {
      await this.preview.open(placeOf(result), beside);
    } catch {
      void vscode.window.showWarningMessage(`${result.path} cannot be opened; it may be gone by now.`);
    } finally {
      this.end();
    }
  }

  private remember(): void {
    if (this.ofQuestion) {
      this.memory.remember(this.picker.value);
    }
  }

  private async press(button: vscode.QuickInputButton): Promise<void> {
    if (button.tooltip === IN_PANEL.tooltip) {
      await this.keep();
      return;
    }
    try {
      await this.narrowBy(button.tooltip);
    } catch (error) {
      this.tellWhyNot(error);
      return;
    }
    if (this.done) {
      return;
    }
    this.answer = undefined;
    this.dress();
    this.show();
    this.ask(0);
  }

  private async narrowBy(button: string | undefined): Promise<void> {
    if (button === LANGUAGES) {
      await this.narrow("language", "languages");
    } else if (button === KINDS) {
      await this.narrow("kind", "kinds");
    } else {
      this.narrowing = { ...this.narrowing, here: !this.narrowing.here };
    }
  }

  /** Let the person choose among the languages or kinds that answer the question best. */
  private async narrow(member: "language" | "kind", which: "languages" | "kinds"): Promise<void> {
    const chosen = this.narrowing[which];
    const without = { ...this.narrowing, [which]: [] };
    const asked = !this.ofQuestion || this.picker.value.trim() !== "";
    const found = asked
      ? facets((await this.server.ask<Answer>(...this.request(PANEL_LIMIT, without))).results, member)
      : [];
    if (this.done) {
      return;
    }
    const absent = chosen.filter((value) => !found.some((each) => each.value === value));
    const offered = [...found, ...absent.map((value) => ({ value, count: 0 }))].map(({ value, count }) => ({
      label: value,
      description: `${count} of the best results`,
      picked: chosen.includes(value),
    }));
    this.aside = true;
    this.shows.fire(false);
    const picked = await vscode.window.showQuickPick(offered, {
      canPickMany: true,
      title: member === "language" ? "Find Code in These Languages" : "Find Code of These Kinds",
      placeHolder:
        offered.length === 0 ? "Type a question first; what answers it can be chosen here" : "None means all",
    });
    if (picked !== undefined) {
      this.narrowing = { ...this.narrowing, [which]: picked.map((each) => each.label) };
    }
  }

  /** Ask and show nothing more; answers whether the person is through with it only now. */
  private finish(): boolean {
    const now = !this.done;
    this.done = true;
    clearTimeout(this.timer);
    this.asking?.cancel();
    return now;
  }

  private end(): void {
    this.subscriptions.forEach((each) => void each.dispose());
    this.shows.fire(false);
  }

  /** The editor has closed it: one clicked elsewhere, or it was told to. */
  private hidden(): void {
    if (this.aside) {
      return;
    }
    if (this.finish()) {
      void this.preview.restore();
      this.end();
    }
  }
}

const LANGUAGES = "Only These Languages…";
const KINDS = "Only These Kinds…";
const HERE = "This Folder Only";

function saying(icon: string, sentence: string): Item {
  return { label: sentence, iconPath: new vscode.ThemeIcon(icon), alwaysShow: true };
}

/** The folder of the active file. */
function whereabouts(): Here | undefined {
  const file = vscode.window.activeTextEditor?.document.uri;
  const folder = file && vscode.workspace.getWorkspaceFolder(file);
  if (file === undefined || folder === undefined) {
    return undefined;
  }
  const path = vscode.workspace.asRelativePath(file, false);
  return { folder: folder.uri.toString(), path: path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "" };
}
