// “Choose Model…”: the model that gives code its vectors, fetched and taken into use by the server's program.
import { execFile } from "node:child_process";
import { homedir } from "node:os";
import { promisify } from "node:util";
import * as vscode from "vscode";
import { described, models } from "./catalogue";
import { STATUS, type Statuses } from "./protocol";
import type { Program } from "./server/candidates";
import { chosenSettings } from "./server/client";
import type { Server } from "./server/server";

const ANSWERS_WITHIN_MS = 30_000;

/** Let the person choose among the models known by name; a terminal shows how it is fetched and taken into use. */
export async function chooseModel(server: Server): Promise<void> {
  const { program } = server;
  if (program === undefined) {
    void vscode.window.showWarningMessage("Sightline's server has not been found, so it has no models to choose from.");
    return;
  }
  const listing = listed(program).catch((error: unknown) => {
    void vscode.window.showWarningMessage(`Sightline cannot list its models: ${String(error)}`);
    return [];
  });
  const offered = listing.then((found) => found.map((model) => ({ label: model.name, ...described(model), model })));
  const chosen = await vscode.window.showQuickPick(offered, {
    title: "Choose the Model",
    placeHolder: "Larger models understand more, and take longer; the one in use answers meanwhile",
    matchOnDescription: true,
  });
  if (chosen !== undefined && !chosen.model.in_use) {
    use(program, chosen.model.name, server);
  }
}

async function listed(program: Program): Promise<ReturnType<typeof models>> {
  // What is in use is what this editor's setting says, before what the program would take by itself.
  const { model } = chosenSettings();
  const env = typeof model === "string" ? { ...process.env, SIGHTLINE_MODEL: model } : process.env;
  const options = { cwd: homedir(), timeout: ANSWERS_WITHIN_MS, env };
  const { stdout } = await promisify(execFile)(
    program.command,
    [...ahead(program), "models", "list", "--json"],
    options,
  );
  return models(stdout);
}

function use(program: Program, name: string, server: Server): void {
  const terminal = vscode.window.createTerminal({
    name: `Sightline: ${name}`,
    shellPath: program.command,
    shellArgs: [...ahead(program), "models", "use", "--now", name],
    cwd: homedir(),
  });
  terminal.show();
  const following = vscode.window.onDidCloseTerminal(async (closed) => {
    if (closed !== terminal) {
      return;
    }
    following.dispose();
    if (closed.exitStatus?.code === 0) {
      await vscode.workspace
        .getConfiguration("sightline")
        .update("model", undefined, vscode.ConfigurationTarget.Global);
      // The server looks at the settings that the terminal wrote when it is asked something; one that has ended is started.
      await server.ask<Statuses>(STATUS, {}).catch(() => server.restart());
    }
  });
}

/** The arguments before the command of the program. */
function ahead(program: Program): readonly string[] {
  return program.args.slice(0, -1);
}
