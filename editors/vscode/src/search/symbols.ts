// Names of workspace symbols that the editor's own list shows. Pure.
//
// The list keeps a symbol only if its name holds the letters of the question in their order, within its first
// 128 characters, and sorts by how good and how far to the left that match is. So an answer by meaning carries
// the question behind its name, and marks that take no room push the question of a later answer further right.

const LONGEST = 128;
/** "$(symbol-variable) " and the like, which the list puts before a name. */
const ICON = 28;
const MARK = "\u2060";
const ARROW = " ← ";
const LONGEST_CUT = 48;
const SHORTEST_CUT = 12;

/** The names to show for answers of these names, best first, to a question as the list sent it. */
export function listed(names: readonly string[], question: string): readonly string[] {
  const asked = question.trim();
  if (asked === "") {
    return names;
  }
  const room = LONGEST - ICON - ARROW.length - asked.length;
  const longest = Math.max(SHORTEST_CUT, Math.min(LONGEST_CUT, room - names.length));
  const short = names.map((name) => (name.length > longest ? `${name.slice(0, longest - 1)}…` : name));
  const widest = Math.max(0, ...short.map((name) => name.length));
  let place = 0;
  return short.map((name, rank) => {
    if (name.toLowerCase().includes(asked.toLowerCase())) {
      return names[rank] ?? name;
    }
    const wanted = Math.max(place + 1, widest);
    place = Math.max(name.length, Math.min(wanted, room));
    return name + MARK.repeat(place - name.length) + ARROW + asked;
  });
}
