// How often a server that ends by itself is started anew. Pure.

const WINDOW_MS = 5 * 60_000;
const WAITS_MS: readonly number[] = [250, 1_000, 3_000];

/** Allows three restarts within five minutes. */
export class Restarts {
  private times: number[] = [];

  /** Milliseconds to wait before the next start; undefined where there have been enough. */
  next(now: number): number | undefined {
    this.times = this.times.filter((time) => now - time < WINDOW_MS);
    const wait = WAITS_MS[this.times.length];
    if (wait !== undefined) {
      this.times.push(now);
    }
    return wait;
  }

  /** Begin to count anew: a person asked for the start. */
  forget(): void {
    this.times = [];
  }
}

/** The last thing a program said on its standard error that says something: of a Python traceback its last line. */
export function lastWords(said: string): string {
  const lines = said.split(/\r?\n/).map((line) => line.trim());
  const last = lines.filter((line) => line !== "").at(-1) ?? "";
  return last.length > 200 ? `${last.slice(0, 199)}…` : last;
}
