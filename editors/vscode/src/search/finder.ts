// Opens pickers, one at a time, and remembers what was asked.
import * as vscode from "vscode";
import type { Panel } from "../results/panel";
import type { Server } from "../server/server";
import { remembered } from "./history";
import { Finding, type Memory, type Wanted } from "./picker";
import type { Preview } from "./preview";

const HISTORY = "history";
const FINDING = "sightline.finding";

export class Finder implements Memory, vscode.Disposable {
  private current: Finding | undefined;

  constructor(
    private readonly server: Server,
    private readonly preview: Preview,
    private readonly panel: Panel,
    private readonly memory: vscode.Memento,
  ) {}

  get history(): readonly string[] {
    return this.memory.get<readonly string[]>(HISTORY, []);
  }

  remember(question: string): void {
    void this.memory.update(HISTORY, remembered(this.history, question));
  }

  forgetHistory(): void {
    void this.memory.update(HISTORY, []);
  }

  /** Ask for a question, or show what resembles a place. */
  open(wanted: Wanted, question = ""): void {
    this.goBack();
    const finding = new Finding(wanted, this.server, this.preview, this.panel, this);
    this.current = finding;
    finding.onDidShow((shown) => this.current === finding && announce(shown));
    finding.begin(question);
  }

  /** Leave the picker on show for where one was. */
  goBack(): void {
    void this.current?.leave();
  }

  /** Open the active result of the picker on show beside the editor. */
  openToTheSide(): void {
    this.current?.accept(true);
  }

  /** Keep the results of the picker on show in the panel. */
  showAllInPanel(): void {
    void this.current?.keep();
  }

  dispose(): void {
    this.goBack();
  }
}

/** Whether the keys of a picker are in force. */
function announce(shown: boolean): void {
  void vscode.commands.executeCommand("setContext", FINDING, shown);
}
