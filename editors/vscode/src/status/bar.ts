// The item in the status bar.
import * as vscode from "vscode";
import type { Server } from "../server/server";
import { item } from "./words";

/** Shows how the server and its indexes are; a click opens the status page. */
export class Bar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("sightline.status", vscode.StatusBarAlignment.Right, 95);
  private readonly following: vscode.Disposable;

  constructor(private readonly server: Server) {
    this.item.name = "Sightline";
    this.item.command = "sightline.showStatus";
    this.following = server.onDidChange(() => this.update());
    this.update();
    this.item.show();
  }

  dispose(): void {
    this.following.dispose();
    this.item.dispose();
  }

  private update(): void {
    const { text, tooltip, warns } = item(this.server.health, this.server.statuses);
    this.item.text = text;
    this.item.tooltip = tooltip;
    this.item.accessibilityInformation = { label: `Sightline: ${tooltip}` };
    this.item.backgroundColor = warns ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
  }
}
