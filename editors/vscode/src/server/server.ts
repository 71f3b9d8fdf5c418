// The server's life: started, watched, started anew a few times, and given up with one message.
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { STATUS_NOTIFICATION, type Status } from "../protocol";
import type { Health } from "../status/words";
import { MISSING, ORIGINS, type Program } from "./candidates";
import { newClient } from "./client";
import { findProgram } from "./finding";
import { Run } from "./process";
import { Restarts } from "./restarts";

/** How much longer than an answer a start may take. */
const STARTS_TAKE = 4;
/** The same of a start by uvx, which may have to download and build. */
const DOWNLOADS_TAKE = 60;
const MOMENT_MS = 500;
const ANYWAY = new vscode.CancellationTokenSource().token;

/** Answered by the server at once, whatever it is doing. */
const PING = "workspaceSymbol/resolve";
const NOTHING = { name: "", kind: 13, location: { uri: "file:///" } };

/** Asked while no server runs. */
export class NotRunning extends Error {}

export class Server implements vscode.Disposable {
  health: Health = { state: "stopped" };
  program: Program | undefined;
  version = "";
  private client: LanguageClient | undefined;
  private run: Run | undefined;
  private readonly byFolder = new Map<string, Status>();
  private readonly restarts = new Restarts();
  private readonly changes = new vscode.EventEmitter<void>();
  /** Told on any change of health or of a folder's status. */
  readonly onDidChange = this.changes.event;
  private later: NodeJS.Timeout | undefined;
  private starting = 0;

  constructor(
    private readonly context: vscode.ExtensionContext,
    readonly log: vscode.LogOutputChannel,
  ) {}

  /** How each folder's index is. */
  get statuses(): readonly Status[] {
    return [...this.byFolder.values()];
  }

  get processId(): number | undefined {
    return this.run?.child.pid;
  }

  /** Start it because a person asked, or the editor begins: what went wrong before no longer counts. */
  async restart(): Promise<void> {
    this.restarts.forget();
    await this.stop();
    await this.start();
  }

  /** Start anew if another program is found now than the one in use. */
  async lookAgain(): Promise<void> {
    const found = await findProgram(this.context);
    if (found !== undefined && found.command !== this.program?.command) {
      await this.restart();
    }
  }

  /** End it in good order, or at once where it does not. */
  async stop(): Promise<void> {
    clearTimeout(this.later);
    this.starting += 1;
    const { client, run } = this;
    this.client = this.run = undefined;
    this.forget({ state: "stopped" });
    if (run !== undefined) {
      run.reason ??= "wanted";
      await client?.stop(2_000).catch(() => undefined);
      run.kill("wanted");
    }
  }

  dispose(): void {
    void this.stop();
    this.changes.dispose();
  }

  /** Ask the server; it is ended where neither the answer nor any sign of life comes. Throws NotRunning. */
  async ask<T>(command: string, members: object, token: vscode.CancellationToken = ANYWAY): Promise<T> {
    const { client, run } = this;
    if (client === undefined || run === undefined || this.health.state !== "running") {
      throw new NotRunning();
    }
    const params = { command, arguments: [members] };
    const watch = setInterval(() => void this.makeSure(client, run), this.patience);
    try {
      return await client.sendRequest<T>("workspace/executeCommand", params, token);
    } finally {
      clearInterval(watch);
    }
  }

  private get patience(): number {
    return 1_000 * vscode.workspace.getConfiguration("sightline").get("server.patience", 15);
  }

  private async start(): Promise<void> {
    const turn = ++this.starting;
    this.forget({ state: "starting" });
    const program = await findProgram(this.context);
    if (turn !== this.starting) {
      return;
    }
    this.program = program;
    if (program === undefined) {
      this.giveUp(MISSING, "Open Setting");
      return;
    }
    this.log.info(`Starting ${program.command} ${program.args.join(" ")}, found in ${ORIGINS[program.origin]}.`);
    try {
      const run = await Run.start(program);
      await this.converse(run, program, turn);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.giveUp(`Sightline's server “${program.command}” cannot be started: ${why}.`, "Open Setting");
    }
  }

  private async converse(run: Run, program: Program, turn: number): Promise<void> {
    if (turn !== this.starting) {
      run.kill("wanted");
      return;
    }
    const client = newClient(run, this.log);
    this.run = run;
    run.child.once("exit", () => this.ended(run));
    client.onNotification(STATUS_NOTIFICATION, (status: Status) => this.hear(run, status));
    const patience = this.patience * (program.origin === "uvx" ? DOWNLOADS_TAKE : STARTS_TAKE);
    const watch = setTimeout(() => run.kill("hung"), patience);
    await client.start().catch(() => undefined);
    clearTimeout(watch);
    if (!client.isRunning()) {
      await run.over(MOMENT_MS); // Most often it has ended, and its end is told elsewhere.
      run.kill("refused");
      return;
    }
    if (this.run === run) {
      this.client = client;
      this.version = client.initializeResult?.serverInfo?.version ?? "";
      this.log.info(`Sightline ${this.version} runs as process ${run.child.pid}.`);
      this.forget({ state: "running" });
    }
  }

  /** End a server that shows no sign of life. */
  private async makeSure(client: LanguageClient, run: Run): Promise<void> {
    const watch = setTimeout(() => run.kill("hung"), this.patience);
    await client.sendRequest(PING, NOTHING).catch(() => undefined);
    clearTimeout(watch);
  }

  private ended(run: Run): void {
    if (this.run !== run) {
      return;
    }
    this.client = this.run = undefined;
    this.log.error(`The server ${run.ending}.`);
    if (run.reason !== undefined && this.health.state !== "running") {
      this.giveUp(`Sightline's server ${run.ending} at its start; searching is off until it is restarted.`);
      return;
    }
    const wait = this.restarts.next(Date.now());
    if (wait === undefined) {
      this.giveUp(
        `Sightline's server ${run.ending}. It was started four times; searching is off until it is restarted.`,
      );
      return;
    }
    this.forget({ state: "starting" });
    this.later = setTimeout(() => void this.start(), wait);
  }

  private hear(run: Run, status: Status): void {
    if (this.run !== run) {
      return;
    }
    this.byFolder.set(status.folder, status);
    const open = new Set(vscode.workspace.workspaceFolders?.map((folder) => folder.uri.toString()));
    for (const folder of this.byFolder.keys()) {
      if (!open.has(vscode.Uri.parse(folder).toString())) {
        this.byFolder.delete(folder);
      }
    }
    this.changes.fire();
  }

  /** Nothing is known of the folders any more. */
  private forget(health: Health): void {
    this.byFolder.clear();
    this.health = health;
    this.changes.fire();
  }

  private giveUp(problem: string, more?: "Open Setting"): void {
    this.forget({ state: "failed", problem });
    this.log.error(problem);
    void this.offer(problem, more);
  }

  /** Say what is wrong, and offer what can be done. */
  private async offer(problem: string, more?: "Open Setting"): Promise<void> {
    const choices = ["Restart Server", ...(more === undefined ? [] : [more]), "Show Log"];
    const chosen = await vscode.window.showErrorMessage(problem, ...choices);
    if (chosen === "Restart Server") {
      await this.restart();
    } else if (chosen === "Open Setting") {
      await vscode.commands.executeCommand("workbench.action.openSettings", "sightline.server.command");
    } else if (chosen === "Show Log") {
      this.log.show();
    }
  }
}
