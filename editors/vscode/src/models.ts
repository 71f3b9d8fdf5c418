// “Choose Model…”: the model that gives code its vectors, in the person's own settings.
import * as vscode from "vscode";

const PACKAGED = "default";

/** Let the person choose the model in the package, or a file. */
export async function chooseModel(): Promise<void> {
  const settings = vscode.workspace.getConfiguration("sightline");
  const current = settings.get<string>("model", PACKAGED);
  const packaged = {
    label: "The model in the package",
    description: current === PACKAGED ? "in use" : "",
    detail: "Small and fast: nothing to download",
  };
  const file = {
    label: "A GGUF file…",
    description: current === PACKAGED ? "" : `in use: ${current}`,
    detail: "An embedding model on this machine; vectors are made anew with it, words answer meanwhile",
  };
  const chosen = await vscode.window.showQuickPick([packaged, file], { title: "Choose the Model" });
  const model = chosen === packaged ? PACKAGED : chosen === file ? await modelFile() : undefined;
  if (model !== undefined) {
    await settings.update("model", model, vscode.ConfigurationTarget.Global);
  }
}

async function modelFile(): Promise<string | undefined> {
  const files = await vscode.window.showOpenDialog({ title: "Choose a Model", filters: { "GGUF models": ["gguf"] } });
  return files?.[0]?.fsPath;
}
