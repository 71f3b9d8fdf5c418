// The active Python environment, as the Python extension tells it where it is installed.
import * as vscode from "vscode";

const EXTENSION = "ms-python.python";

/** What we use of that extension's interface. */
interface Environments {
  readonly environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(path: {
      readonly path: string;
    }): Promise<{ readonly executable: { readonly uri: vscode.Uri | undefined } } | undefined>;
    readonly onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

/** The interpreter of the active environment; undefined where nobody knows it. */
export async function activePython(): Promise<string | undefined> {
  const python = await pythonExtension();
  if (python === undefined) {
    return undefined;
  }
  const environment = await python.environments.resolveEnvironment(
    python.environments.getActiveEnvironmentPath(vscode.workspace.workspaceFolders?.[0]?.uri),
  );
  return environment?.executable.uri?.fsPath;
}

/** Calls back when the person chooses another environment. */
export async function onActivePython(changed: () => void): Promise<vscode.Disposable | undefined> {
  return (await pythonExtension())?.environments.onDidChangeActiveEnvironmentPath(changed);
}

async function pythonExtension(): Promise<Environments | undefined> {
  const extension = vscode.extensions.getExtension<Partial<Environments>>(EXTENSION);
  if (extension === undefined) {
    return undefined;
  }
  try {
    const api = await extension.activate();
    return api.environments === undefined ? undefined : (api as Environments);
  } catch {
    return undefined; // Whatever is wrong with it is for that extension to say.
  }
}
