// The language client of one run of the server.
import * as vscode from "vscode";
import {
  CloseAction,
  type ConfigurationParams,
  ErrorAction,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  type StaticFeature,
} from "vscode-languageclient/node";
import { SERVER_SETTINGS } from "../protocol";
import { listed } from "../search/symbols";
import type { Run } from "./process";

/** A client that is not started yet; the end of its server is for the run's owner to notice. */
export function newClient(run: Run, log: vscode.LogOutputChannel): LanguageClient {
  const options: LanguageClientOptions = {
    documentSelector: [{ scheme: "file" }],
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationFailedHandler: () => false,
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => ({ action: CloseAction.DoNotRestart, handled: true }),
    },
    middleware: {
      workspace: {
        configuration: (params: ConfigurationParams) => params.items.map(() => chosenSettings()),
        didChangeConfiguration: (_sections, next) => next(undefined), // The server asks for them as above.
      },
      provideWorkspaceSymbols: async (query, token, next) => {
        if (!vscode.workspace.getConfiguration("sightline").get("answerWorkspaceSymbols", true)) {
          return [];
        }
        const symbols = (await next(query, token)) ?? [];
        const names = listed(
          symbols.map((symbol) => symbol.name),
          query,
        );
        symbols.forEach((symbol, rank) => (symbol.name = names[rank] ?? symbol.name));
        return symbols;
      },
    },
  };
  const client = new QuietClient("sightline", "Sightline", () => Promise.resolve(run.child), options);
  client.registerFeature(capabilities);
  return client;
}

/** Writes what goes wrong into the log; the run's owner says what a person should know, once. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

/** The status bar shows what the server would otherwise show as progress. */
const capabilities: StaticFeature = {
  fillClientCapabilities(can) {
    can.experimental = { ...(can.experimental as object | undefined), statusNotification: true };
    can.window = { ...can.window, workDoneProgress: false };
  },
  initialize: () => undefined,
  getState: () => ({ kind: "static" }),
  clear: () => undefined,
};

/** The server's settings that a person chose; where nobody did, its environment and its defaults count. */
export function chosenSettings(): Record<string, unknown> {
  const settings = vscode.workspace.getConfiguration("sightline");
  const chosen = SERVER_SETTINGS.filter((name) => {
    const where = settings.inspect(name);
    return [where?.globalValue, where?.workspaceValue, where?.workspaceFolderValue].some(
      (value) => value !== undefined,
    );
  });
  return Object.fromEntries(chosen.map((name) => [name, settings.get(name)]));
}
