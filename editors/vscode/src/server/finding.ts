// Looks for the server on this machine, and asks before anything is downloaded.
import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter } from "node:path";
import * as vscode from "vscode";
import { discover, type Program } from "./candidates";
import { activePython } from "./python";

const AGREED = "uvxAgreed";

/** The program to start; undefined where there is none or the person does not want it downloaded. */
export async function findProgram(context: vscode.ExtensionContext): Promise<Program | undefined> {
  const program = discover({
    windows: process.platform === "win32",
    trusted: vscode.workspace.isTrusted,
    setting: vscode.workspace.getConfiguration("sightline").get<string[]>("server.command", []),
    home: homedir(),
    python: await activePython(),
    path: (process.env["PATH"] ?? "").split(delimiter),
    version: (context.extension.packageJSON as { version: string }).version,
    isProgram,
  });
  return program?.origin === "uvx" && !(await agreed(context.globalState)) ? undefined : program;
}

async function agreed(memory: vscode.Memento): Promise<boolean> {
  if (memory.get<boolean>(AGREED) === true) {
    return true;
  }
  const yes = "Run It with uvx";
  const answer = await vscode.window.showInformationMessage(
    "Sightline's server is not installed here; uvx can download it and run it.",
    yes,
  );
  await memory.update(AGREED, answer === yes);
  return answer === yes;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
