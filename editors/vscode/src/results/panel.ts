// The panel: results that are kept, grouped by file, and the steps from one to the next.
import * as vscode from "vscode";
import type { Result } from "../protocol";
import { placeOf } from "../search/places";
import { called, excerpt, icon, shown } from "../search/rows";
import { byFile, type FileResults, step } from "./steps";

const VIEW = "sightline.results";
type Node = FileResults | Result;

export class Panel implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private files: readonly FileResults[] = [];
  private current: number | undefined;
  /** The one that the first step opens. */
  private best: Result | undefined;
  private stepping: Promise<void> = Promise.resolve();
  private readonly changes = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changes.event;
  private readonly view = vscode.window.createTreeView<Node>(VIEW, { treeDataProvider: this, showCollapseAll: true });

  constructor() {
    this.view.onDidChangeSelection(({ selection: [node] }) => {
      if (node !== undefined && !("results" in node)) {
        this.current = this.results.indexOf(node);
      }
    });
  }

  private get results(): readonly Result[] {
    return this.files.flatMap((file) => file.results);
  }

  /** Keep these results, which answer this question, and show them. */
  async show(question: string, results: readonly Result[]): Promise<void> {
    this.fill(byFile(results));
    const files = this.files.length === 1 ? "1 file" : `${this.files.length} files`;
    this.view.description = `${question} — ${results.length} in ${files}`;
    await vscode.commands.executeCommand(`${VIEW}.focus`);
    this.best = results[0];
    if (this.best !== undefined) {
      await this.view.reveal(this.best, { select: false, focus: true });
    }
  }

  clear(): void {
    this.fill([]);
    this.view.description = "";
  }

  /** Open the next result, or the one before, and the best at first; steps asked for in between come after one another. */
  step(by: 1 | -1): Promise<void> {
    this.stepping = this.stepping.then(() => this.go(by)).catch(() => undefined); // A file may be gone by now.
    return this.stepping;
  }

  private async go(by: 1 | -1): Promise<void> {
    const { results } = this;
    const next =
      this.current === undefined ? this.best && results.indexOf(this.best) : step(results.length, this.current, by);
    const result = next === undefined ? undefined : results[next];
    if (result !== undefined) {
      await this.view.reveal(result, { select: true, focus: false });
      this.current = next;
      const { uri, cursor } = placeOf(result);
      const selection = new vscode.Range(cursor.start, cursor.start);
      await vscode.window.showTextDocument(uri, { selection, preview: true });
    }
  }

  getChildren(node?: Node): Node[] {
    return node === undefined ? [...this.files] : "results" in node ? [...node.results] : [];
  }

  getParent(node: Node): Node | undefined {
    return "results" in node ? undefined : this.files.find((file) => file.results.includes(node));
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return "results" in node ? fileItem(node) : resultItem(node);
  }

  dispose(): void {
    this.view.dispose();
    this.changes.dispose();
  }

  private fill(files: readonly FileResults[]): void {
    this.files = files;
    this.current = this.best = undefined;
    void vscode.commands.executeCommand("setContext", "sightline.hasResults", files.length > 0);
    this.changes.fire();
  }
}

function fileItem({ uri, results }: FileResults): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.Uri.parse(uri), vscode.TreeItemCollapsibleState.Expanded);
  item.iconPath = vscode.ThemeIcon.File;
  item.description = true;
  item.tooltip = `${results.length} ${results.length === 1 ? "result" : "results"}`;
  return item;
}

function resultItem(result: Result): vscode.TreeItem {
  const item = new vscode.TreeItem(called(result));
  const line = result.selectionRange.start.line + 1;
  item.iconPath = new vscode.ThemeIcon(icon(result.kind));
  item.description = `${line}  ${excerpt(result)[0] ?? ""}`;
  const code = new vscode.MarkdownString().appendCodeblock(result.preview, result.language);
  item.tooltip = code.appendText(result.why);
  item.accessibilityInformation = { label: `${shown(called(result))}, line ${line}` };
  const { uri, cursor } = placeOf(result);
  item.command = {
    command: "vscode.open",
    title: "Open",
    arguments: [uri, { selection: cursor, preserveFocus: true }],
  };
  return item;
}
