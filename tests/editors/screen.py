"""What a program drew in a terminal: a grid of characters with their colours, which a test can read."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

ROWS, COLUMNS = 40, 140

# One thing a program may send: a control sequence (its parameters and final letter), a string for the terminal
# itself, another escape, a control character, or one to be shown.
_PIECE = re.compile(
    r"\x1b\[(?P<parameters>[0-9;:?<=>!]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|\x1b[\]P_^X].*?(?:\x07|\x1b\\)|\x1b[()].|\x1b(?P<escape>[^\[\]P_^X()])"
    r"|(?P<control>[\x00-\x1a\x1c-\x1f\x7f])|(?P<shown>[^\x00-\x1f\x7f])",
    re.DOTALL,
)
_ANSWERS = {"c": b"\x1b[?62c", "?u": b"\x1b[?0u"}
_NAMED = "#15161e #c0392b #27ae60 #b7950b #2e86c1 #8e44ad #17a589 #bfc5cc".split()
_BRIGHT = "#5c6370 #e06c75 #98c379 #e5c07b #61afef #c678dd #56b6c2 #ffffff".split()


@dataclass(frozen=True, slots=True)
class Look:
    """How a character is drawn; a colour of None is the terminal's own."""

    colour: str | None = None
    background: str | None = None
    bold: bool = False
    italic: bool = False
    underlined: bool = False
    reversed: bool = False


PLAIN = Look()
_SWITCHES: dict[int, dict[str, bool]] = {
    1: {"bold": True},
    3: {"italic": True},
    4: {"underlined": True},
    7: {"reversed": True},
    22: {"bold": False},
    23: {"italic": False},
    24: {"underlined": False},
    27: {"reversed": False},
}


def _indexed(number: int) -> str:
    """A colour of the palette of 256."""
    if number < 16:
        return (_NAMED + _BRIGHT)[number]
    if number >= 232:
        return "#" + f"{8 + 10 * (number - 232):02x}" * 3
    levels = (0, 95, 135, 175, 215, 255)
    parts = (number - 16) // 36, (number - 16) // 6 % 6, (number - 16) % 6
    return "#" + "".join(f"{levels[part]:02x}" for part in parts)


def _look_after(look: Look, parameters: str) -> Look:
    """The look after a sequence “select graphic rendition”."""
    if re.search("4:[0-9]", parameters):
        look = replace(look, underlined="4:0" not in parameters)
        parameters = re.sub("4:[0-9]", "", parameters)
    numbers = [int(each or 0) for each in re.split("[;:]", parameters)]
    while numbers:
        number = numbers.pop(0)
        if number == 0:
            look = PLAIN
        elif number in _SWITCHES:
            look = replace(look, **_SWITCHES[number])
        elif number in (38, 48, 58):
            colour = None
            if numbers[:1] == [5]:
                colour, numbers = _indexed(numbers[1]), numbers[2:]
            elif numbers[:1] == [2]:
                colour, numbers = "#" + "".join(f"{each:02x}" for each in numbers[1:4]), numbers[4:]
            if number != 58:
                look = replace(look, **{"colour" if number == 38 else "background": colour})
        elif number in (39, 49):
            look = replace(look, **{"colour" if number == 39 else "background": None})
        elif 30 <= number <= 37 or 90 <= number <= 97:
            look = replace(look, colour=(_NAMED if number < 90 else _BRIGHT)[number % 10])
        elif 40 <= number <= 47 or 100 <= number <= 107:
            look = replace(look, background=(_NAMED if number < 100 else _BRIGHT)[number % 10])
    return look


class Screen:
    """The grid: as much of a terminal as editors use."""

    def __init__(self, rows: int = ROWS, columns: int = COLUMNS) -> None:
        self.rows, self.columns = rows, columns
        self.cursor_is_shown = True
        self._look = PLAIN
        self._cells = [self._empty_row() for _ in range(rows)]
        self._row = self._column = 0
        self._top, self._bottom = 0, rows
        self._last = " "
        self._rest = ""

    @property
    def text(self) -> str:
        return "\n".join("".join(character for character, _ in row).rstrip() for row in self._cells)

    @property
    def cells(self) -> list[list[tuple[str, Look]]]:
        """The characters with their looks, row by row."""
        return [list(row) for row in self._cells]

    @property
    def cursor(self) -> tuple[int, int]:
        return self._row, min(self._column, self.columns - 1)

    def write(self, written: str) -> bytes:
        """Draw what was written, and give back what a terminal answers to the questions in it."""
        written, position, answers = self._rest + written, 0, b""
        while found := _PIECE.match(written, position):
            position = found.end()
            if found["shown"]:
                self._show(found["shown"])
            elif found["control"]:
                self._control(found["control"])
            elif found["escape"] == "M":
                self._back_up()
            elif found["final"] and not found["between"]:
                answers += self._answer((found["parameters"] + found["final"]).lstrip("0"))
                self._sequence(found["parameters"], found["final"])
        self._rest = written[position:]
        return answers

    def _answer(self, question: str) -> bytes:
        return b"\x1b[%d;%dR" % (self._row + 1, self._column + 1) if question == "6n" else _ANSWERS.get(question, b"")

    def _empty_row(self) -> list[tuple[str, Look]]:
        return [self._blank()] * self.columns

    def _blank(self) -> tuple[str, Look]:
        return " ", Look(background=self._look.background)

    def _show(self, character: str) -> None:
        if self._column >= self.columns:
            self._column = 0
            self._line_feed()
        self._cells[self._row][self._column] = (character, self._look)
        self._last = character
        self._column += 1

    def _control(self, character: str) -> None:
        if character == "\r":
            self._column = 0
        elif character == "\n":
            self._line_feed()
        elif character == "\b":
            self._column = max(0, self._column - 1)
        elif character == "\t":
            self._column = min(self.columns - 1, self._column // 8 * 8 + 8)

    def _line_feed(self) -> None:
        if self._row + 1 == self._bottom:
            self._scroll(self._top, 1)
        else:
            self._row = min(self.rows - 1, self._row + 1)

    def _back_up(self) -> None:
        if self._row == self._top:
            self._scroll(self._top, -1)
        else:
            self._row = max(0, self._row - 1)

    def _scroll(self, top: int, lines: int) -> None:
        """Move the rows from `top` to the region's end up by so many lines, or down where it is below zero."""
        region = self._cells[top : self._bottom]
        lines = max(-len(region), min(len(region), lines))
        new = [self._empty_row() for _ in range(abs(lines))]
        self._cells[top : self._bottom] = region[lines:] + new if lines > 0 else new + region[: len(region) + lines]

    def _sequence(self, parameters: str, final: str) -> None:
        if final == "m" and re.fullmatch(r"[0-9;:]*", parameters):
            self._look = _look_after(self._look, parameters)
        elif parameters == "?25":
            self.cursor_is_shown = final == "h"
        if not re.fullmatch(r"[0-9;]*", parameters):
            return
        numbers = [int(each or 0) for each in parameters.split(";")]
        count = max(1, numbers[0])
        if final in "HfGdABCD":
            self._move(final, numbers, count)
        elif final in "JK":
            self._erase(final, numbers[0])
        elif final in "LM":
            self._scroll(self._row, count if final == "M" else -count)
        elif final in "ST":
            self._scroll(self._top, count if final == "S" else -count)
        elif final in "P@X":
            self._shift(final, count)
        elif final == "b":
            for _ in range(count):
                self._show(self._last)
        elif final == "r":
            self._top, self._bottom = count - 1, (*numbers, 0)[1] or self.rows
            self._row = self._column = 0

    def _move(self, final: str, numbers: list[int], count: int) -> None:
        if final in "Hf":
            self._row, self._column = count - 1, max(1, (*numbers, 1)[1]) - 1
        elif final == "G":
            self._column = count - 1
        elif final == "d":
            self._row = count - 1
        else:
            self._row += {"A": -count, "B": count}.get(final, 0)
            self._column += {"C": count, "D": -count}.get(final, 0)
        self._row = max(0, min(self.rows - 1, self._row))
        self._column = max(0, min(self.columns - 1, self._column))

    def _erase(self, final: str, what: int) -> None:
        row = self._cells[self._row]
        if what == 0:
            row[self._column :] = [self._blank()] * (self.columns - min(self._column, self.columns))
        elif what == 1:
            row[: self._column + 1] = [self._blank()] * min(self._column + 1, self.columns)
        else:
            row[:] = self._empty_row()
        if final == "J":
            others = {0: range(self._row + 1, self.rows), 1: range(self._row)}.get(what, range(self.rows))
            for each in others:
                self._cells[each] = self._empty_row()

    def _shift(self, final: str, count: int) -> None:
        row, here = self._cells[self._row], self._column
        blank = [self._blank()] * min(count, self.columns - here)
        if final == "X":
            row[here : here + len(blank)] = blank
        elif final == "P":
            row[here:] = row[here + len(blank) :] + blank
        else:
            row[here:] = (blank + row[here:])[: self.columns - here]
