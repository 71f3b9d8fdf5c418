// Shows a place in the editor while one looks through results, and goes back to where one was.
import * as vscode from "vscode";

/** A place to show: all its lines, where the cursor goes, and the words that matched. */
export interface Place {
  readonly uri: vscode.Uri;
  readonly lines: vscode.Range;
  readonly cursor: vscode.Range;
  readonly words: readonly vscode.Range[];
}

const SCROLLS_WITHIN_MS = 150;
const MOST_SCROLLS = 3;

/** Where one was in an editor. */
interface Spot {
  readonly document: vscode.TextDocument;
  readonly column: vscode.ViewColumn | undefined;
  readonly selections: readonly vscode.Selection[];
  readonly top: vscode.Position | undefined;
  readonly preview: boolean;
}

export class Preview implements vscode.Disposable {
  private readonly lines = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor("editor.rangeHighlightBackground"),
    overviewRulerColor: new vscode.ThemeColor("editorOverviewRuler.findMatchForeground"),
  });
  private readonly words = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor("editor.findMatchHighlightBackground"),
    border: "1px solid",
    borderColor: new vscode.ThemeColor("editor.findMatchHighlightBorder"),
  });
  private spot: Spot | undefined;
  private openBefore = new Set<string>();
  private shown: vscode.Uri | undefined;
  private turn = 0;
  /** The last look, until the editor shows it. */
  private showing: PromiseLike<unknown> = Promise.resolve();
  private goingBack: Promise<void> = Promise.resolve();

  /** Remember where one is, once one is back from an earlier look. */
  async begin(): Promise<void> {
    await this.goingBack;
    const editor = vscode.window.activeTextEditor;
    const open = openFiles();
    this.openBefore = new Set(open.map(named));
    this.shown = undefined;
    this.spot = editor && {
      document: editor.document,
      column: editor.viewColumn,
      selections: editor.selections,
      top: editor.visibleRanges[0]?.start,
      preview: open.some(({ tab }) => tab.isPreview && tab.isActive && tab.group.isActive),
    };
  }

  /** Show a place, the keyboard staying where it is; of several asked for at once only the last is shown. */
  async show(place: Place): Promise<void> {
    const turn = ++this.turn;
    try {
      const document = await vscode.workspace.openTextDocument(place.uri);
      if (turn !== this.turn) {
        return;
      }
      this.shown = place.uri;
      const showing = vscode.window.showTextDocument(document, { preview: true, preserveFocus: true });
      this.showing = showing.then(undefined, () => undefined);
      const editor = await showing;
      if (turn !== this.turn) {
        return;
      }
      editor.selection = new vscode.Selection(place.cursor.start, place.cursor.start);
      editor.revealRange(place.cursor, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
      this.mark(editor, place);
    } catch {
      // A file that is gone or no text: its row still says what was found.
    }
  }

  /** Open a place for good. */
  async open(place: Place, beside = false): Promise<void> {
    this.turn += 1;
    this.clear();
    await this.showing;
    if (beside) {
      await this.restore();
      await this.goingBack;
    }
    const column = beside ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    const document = await vscode.workspace.openTextDocument(place.uri);
    const cursor = new vscode.Range(place.cursor.start, place.cursor.start);
    await vscode.window.showTextDocument(document, { selection: cursor, viewColumn: column, preview: false });
  }

  /**
   * Go back to where one was when it began. It resolves once what is typed would land there; the scroll position
   * and the tabs follow, and the next look waits for them.
   */
  restore(): Promise<void> {
    this.turn += 1;
    this.clear();
    const { shown, spot } = this;
    this.shown = undefined;
    if (shown === undefined) {
      return this.goingBack;
    }
    const back = this.goTo(spot).catch(() => undefined); // The editor may be gone by now.
    this.goingBack = back.then((editor) => this.tidy(editor, spot)).catch(() => undefined);
    return back.then(() => undefined);
  }

  /** Bring the editor and its selection back; the keyboard stays where it is, as the picker may be on show. */
  private async goTo(spot: Spot | undefined): Promise<vscode.TextEditor | undefined> {
    await this.showing;
    if (spot === undefined) {
      return undefined;
    }
    const where = spot.column === undefined ? {} : { viewColumn: spot.column };
    const how = { ...where, preview: spot.preview, preserveFocus: true };
    const editor = await vscode.window.showTextDocument(spot.document, how);
    editor.selections = spot.selections;
    return editor;
  }

  private async tidy(editor: vscode.TextEditor | undefined, spot: Spot | undefined): Promise<void> {
    if (editor !== undefined && spot?.top !== undefined) {
      await scroll(editor, spot.top);
    }
    const left = openFiles().filter((file) => file.tab.isPreview && !this.openBefore.has(named(file)));
    const tabs = left.map(({ tab }) => tab);
    await vscode.window.tabGroups.close(tabs, true);
  }

  /** Take the marks away. */
  clear(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      editor.setDecorations(this.lines, []);
      editor.setDecorations(this.words, []);
    }
  }

  dispose(): void {
    this.lines.dispose();
    this.words.dispose();
  }

  private mark(editor: vscode.TextEditor, place: Place): void {
    this.clear();
    const end = Math.max(place.lines.start.line, place.lines.end.line - (place.lines.end.character === 0 ? 1 : 0));
    editor.setDecorations(this.lines, [new vscode.Range(place.lines.start.line, 0, end, 0)]);
    editor.setDecorations(this.words, [...place.words]);
  }
}

/** Make a line the first on show. To reveal it would not do, as what sticks to the top of an editor moves it down. */
async function scroll(editor: vscode.TextEditor, top: vscode.Position): Promise<void> {
  for (let rounds = 0; rounds < MOST_SCROLLS; rounds++) {
    await scrolled(editor);
    const by = top.line - (editor.visibleRanges[0]?.start.line ?? top.line);
    if (by === 0 || vscode.window.activeTextEditor !== editor) {
      return;
    }
    const how = { to: by > 0 ? "down" : "up", by: "line", value: Math.abs(by), revealCursor: false };
    await vscode.commands.executeCommand("editorScroll", how);
  }
}

/** Wait until an editor tells that it has scrolled, or could have. */
function scrolled(editor: vscode.TextEditor): Promise<void> {
  return new Promise((resolve) => {
    const following = vscode.window.onDidChangeTextEditorVisibleRanges(
      (change) => change.textEditor === editor && done(),
    );
    const timer = setTimeout(() => done(), SCROLLS_WITHIN_MS);
    const done = (): void => {
      clearTimeout(timer);
      following.dispose();
      resolve();
    };
  });
}

interface OpenFile {
  readonly uri: vscode.Uri;
  readonly tab: vscode.Tab;
}

function openFiles(): readonly OpenFile[] {
  return vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .flatMap((tab) => (tab.input instanceof vscode.TabInputText ? [{ uri: tab.input.uri, tab }] : []));
}

/** A file may be open in one group and only looked at in another. */
function named({ uri, tab }: OpenFile): string {
  return `${tab.group.viewColumn} ${uri.toString()}`;
}
