// Where a result is, in the editor's terms.
import * as vscode from "vscode";
import type { Range, Result } from "../protocol";
import type { Place } from "./preview";

/** The place of a result. */
export function placeOf(result: Result): Place {
  return {
    uri: vscode.Uri.parse(result.uri),
    lines: rangeOf(result.range),
    cursor: rangeOf(result.selectionRange),
    words: result.highlights.map(rangeOf),
  };
}

function rangeOf({ start, end }: Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}
