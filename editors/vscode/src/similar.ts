// “Find Similar Code”: for the selection or the function at the cursor, from a menu or the light bulb.
import * as vscode from "vscode";
import type { Finder } from "./search/finder";

const KIND = vscode.CodeActionKind.Refactor.append("findSimilarCode");

/** Offers it where code is selected, or where the person asks what can be done. */
export class SimilarAction implements vscode.CodeActionProvider {
  static readonly options: vscode.CodeActionProviderMetadata = { providedCodeActionKinds: [KIND] };

  provideCodeActions(
    _document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    if (range.isEmpty && context.triggerKind !== vscode.CodeActionTriggerKind.Invoke) {
      return [];
    }
    const action = new vscode.CodeAction("Find similar code", KIND);
    action.command = { command: "sightline.findSimilarCode", title: "Find Similar Code" };
    return [action];
  }
}

/** Show what resembles the selection of the active editor, or the function at its cursor. */
export function findSimilar(finder: Finder): void {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.uri.scheme !== "file") {
    void vscode.window.showInformationMessage("Open a file of the workspace to find code that resembles it.");
    return;
  }
  const { start, end, isEmpty } = editor.selection;
  const textDocument = { uri: editor.document.uri.toString() };
  const at = ({ line, character }: vscode.Position): { line: number; character: number } => ({ line, character });
  finder.open({
    place: isEmpty
      ? { textDocument, position: at(start) }
      : { textDocument, range: { start: at(start), end: at(end) } },
  });
}
