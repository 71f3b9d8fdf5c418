// The questions a person asked, newest first. Pure.

const LONGEST = 50;

/** The history after a question was asked. */
export function remembered(history: readonly string[], question: string): readonly string[] {
  const asked = question.trim();
  return asked === "" ? history : [asked, ...history.filter((each) => each !== asked)].slice(0, LONGEST);
}
