// Where the server is looked for, in order: the setting, the active Python environment, PATH, uvx. Pure.

/** How the server is started, and how it was found. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly origin: "setting" | "python" | "path" | "uvx";
}

/** What a search for the server may look at. */
export interface Surroundings {
  readonly windows: boolean;
  /** Whether the person trusts the workspace, whose files may hold an environment of its own. */
  readonly trusted: boolean;
  /** The setting `sightline.server.command`. */
  readonly setting: readonly string[];
  readonly home: string;
  /** The interpreter of the active Python environment. */
  readonly python: string | undefined;
  /** The folders of PATH. */
  readonly path: readonly string[];
  /** The version of this extension: the server to run with uvx. */
  readonly version: string;
  readonly isProgram: (file: string) => boolean;
}

export const MISSING =
  "Sightline cannot find its server: install it with “uv tool install sightline” or “pip install sightline”, " +
  "or name its program in the setting “sightline.server.command”.";

/** What one calls the way a program was found. */
export const ORIGINS: Readonly<Record<Program["origin"], string>> = {
  setting: "the setting sightline.server.command",
  python: "the active Python environment",
  path: "PATH",
  uvx: "uvx",
};

/** The program to start; undefined where there is none. A setting is taken at its word, also where it is wrong. */
export function discover(where: Surroundings): Program | undefined {
  const [command, ...args] = where.setting;
  if (command !== undefined && command !== "") {
    return { command: expanded(command, where), args: [...args, "lsp"], origin: "setting" };
  }
  const beside = where.trusted && where.python !== undefined ? inEnvironment(where.python, where) : undefined;
  if (beside !== undefined) {
    return { command: beside, args: ["lsp"], origin: "python" };
  }
  const installed = inPath("sightline", where);
  if (installed !== undefined) {
    return { command: installed, args: ["lsp"], origin: "path" };
  }
  const uvx = inPath("uvx", where);
  if (uvx !== undefined) {
    return { command: uvx, args: ["--from", `sightline==${where.version}`, "sightline", "lsp"], origin: "uvx" };
  }
  return undefined;
}

function expanded(command: string, where: Surroundings): string {
  return /^~[\\/]/.test(command) ? where.home + command.slice(1) : command;
}

function inEnvironment(python: string, where: Surroundings): string | undefined {
  const folder = python.replace(/[\\/][^\\/]*$/, "");
  const names = where.windows ? ["\\Scripts\\sightline.exe", "\\sightline.exe"] : ["/sightline"];
  return names.map((name) => folder + name).find(where.isProgram);
}

function inPath(name: string, where: Surroundings): string | undefined {
  const separator = where.windows ? "\\" : "/";
  const file = where.windows ? `${name}.exe` : name;
  return where.path
    .filter((folder) => (where.windows ? /^[A-Za-z]:|^\\\\/.test(folder) : folder.startsWith("/")))
    .map((folder) => folder.replace(/[\\/]$/, "") + separator + file)
    .find(where.isProgram);
}
