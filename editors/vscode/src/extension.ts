// What the extension consists of, and its commands.
import * as vscode from "vscode";
import { chooseModel } from "./models";
import { PAUSE, REINDEX, RESUME } from "./protocol";
import { Panel } from "./results/panel";
import { Finder } from "./search/finder";
import { Preview } from "./search/preview";
import { onActivePython } from "./server/python";
import { NotRunning, Server } from "./server/server";
import { findSimilar, SimilarAction } from "./similar";
import { Bar } from "./status/bar";
import { Page } from "./status/page";

let running: Server | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("Sightline", { log: true });
  const server = new Server(context, log);
  const preview = new Preview();
  const panel = new Panel();
  const finder = new Finder(server, preview, panel, context.workspaceState);
  const page = new Page(server);
  running = server;

  const commands: Readonly<Record<string, (...given: readonly unknown[]) => unknown>> = {
    "sightline.findCode": (question) => finder.open("question", typeof question === "string" ? question : ""),
    "sightline.findSimilarCode": () => findSimilar(finder),
    "sightline.goBack": () => finder.goBack(),
    "sightline.openToTheSide": () => finder.openToTheSide(),
    "sightline.showAllInPanel": () => finder.showAllInPanel(),
    "sightline.nextResult": () => panel.step(1),
    "sightline.previousResult": () => panel.step(-1),
    "sightline.clearResults": () => panel.clear(),
    "sightline.showStatus": () => page.show(),
    "sightline.pauseIndexing": () => tell(server, PAUSE),
    "sightline.resumeIndexing": () => tell(server, RESUME),
    "sightline.rebuildIndex": () => tell(server, REINDEX),
    "sightline.chooseModel": () => chooseModel(server),
    "sightline.clearHistory": () => finder.forgetHistory(),
    "sightline.restartServer": () => server.restart(),
    "sightline.showLog": () => log.show(),
  };
  context.subscriptions.push(
    log,
    server,
    preview,
    panel,
    finder,
    page,
    new Bar(server),
    ...Object.entries(commands).map(([name, run]) => vscode.commands.registerCommand(name, run)),
    vscode.languages.registerCodeActionsProvider({ scheme: "file" }, new SimilarAction(), SimilarAction.options),
    vscode.workspace.onDidGrantWorkspaceTrust(() => server.lookAgain()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("sightline.server.command")) {
        void server.restart();
      }
    }),
  );
  void server.restart();
  void onActivePython(() => void server.lookAgain()).then(
    (following) => following && context.subscriptions.push(following),
  );
}

/** Ends the server; the editor waits for that. */
export async function deactivate(): Promise<void> {
  await running?.stop();
}

async function tell(server: Server, command: string): Promise<void> {
  try {
    await server.ask(command, {});
  } catch (error) {
    const why = error instanceof NotRunning ? "Sightline's server is not running." : String(error);
    void vscode.window.showWarningMessage(why);
  }
}
