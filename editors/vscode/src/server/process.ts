// One run of the server's program.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { homedir } from "node:os";
import type { Program } from "./candidates";
import { lastWords } from "./restarts";

const KEPT = 4_000;

/** Why a run is ended: nobody wants it any more, it gave no sign of life, or it did not agree to talk. */
export type Reason = "wanted" | "hung" | "refused";

/** A started program, what it says on its standard error, and how it ended. */
export class Run {
  /** Why we ended it; undefined where it ended by itself. */
  reason: Reason | undefined;
  private said = "";

  private constructor(readonly child: ChildProcess) {
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.said = (this.said + text).slice(-KEPT)));
  }

  /** Start a program, not in the workspace: Python would import modules from there. Throws where the system cannot. */
  static async start(program: Program): Promise<Run> {
    const child = spawn(program.command, [...program.args], { cwd: homedir(), stdio: "pipe", windowsHide: true });
    const run = new Run(child);
    await once(child, "spawn");
    return run;
  }

  /** Why it ended, as the middle of a sentence. */
  get ending(): string {
    if (this.reason === "hung") {
      return "did not answer and was ended";
    }
    if (this.reason === "refused") {
      return "does not speak as a language server and was ended";
    }
    const { exitCode, signalCode } = this.child;
    const how = signalCode === null ? `ended with status ${exitCode ?? "unknown"}` : `was ended by ${signalCode}`;
    const words = lastWords(this.said);
    return words === "" ? how : `${how} and said “${words}”`;
  }

  /** Wait until it has ended, for so many milliseconds at most. */
  async over(milliseconds: number): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const patience = AbortSignal.timeout(milliseconds);
      await once(this.child, "exit", { signal: patience }).catch(() => undefined);
    }
  }

  /** End it at once; nothing where it has ended. */
  kill(reason: Reason): void {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.reason ??= reason;
      this.child.kill("SIGKILL");
    }
  }
}
