// The status page, kept up to date while it is open.
import * as vscode from "vscode";
import { ORIGINS } from "../server/candidates";
import type { Server } from "../server/server";
import { LINKED, page } from "./html";

export class Page implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private html = "";
  private readonly following: vscode.Disposable;

  constructor(private readonly server: Server) {
    this.following = server.onDidChange(() => this.update());
  }

  /** Open the page, or bring it to the front. */
  show(): void {
    if (this.panel === undefined) {
      this.panel = vscode.window.createWebviewPanel("sightline.status", "Sightline", vscode.ViewColumn.Active, {
        enableScripts: false,
        enableCommandUris: LINKED,
        localResourceRoots: [],
      });
      this.panel.onDidDispose(() => (this.panel = undefined));
      this.html = "";
    }
    this.panel.reveal();
    this.update();
  }

  dispose(): void {
    this.following.dispose();
    this.panel?.dispose();
  }

  private update(): void {
    const { health, version, program, processId, statuses } = this.server;
    if (this.panel !== undefined) {
      const command = program === undefined ? "" : [program.command, ...program.args].join(" ");
      const origin = program === undefined ? "" : ORIGINS[program.origin];
      const html = page({ health, version, program: command, origin, processId }, statuses);
      if (html !== this.html) {
        this.html = this.panel.webview.html = html; // It is loaded anew, and loses the keyboard for a moment.
      }
    }
  }
}
