"""A screen as an SVG, which shows alike wherever it is looked at."""

from __future__ import annotations

from html import escape
from itertools import groupby

from .screen import Look, Screen

CELL, LINE, SIZE = 8.4, 19, 14
"""Width of a character, height of a row and of the font, in pixels."""
PAPER, INK = "#14161b", "#e0e2ea"
"""Neovim's own colours of the background and the text."""
FONT = "ui-monospace,'SF Mono','Cascadia Mono','JetBrains Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace"
EDGE, BAR = 14, 34
_CORNERS = {"╭": "se", "╮": "sw", "╰": "ne", "╯": "nw", "┌": "se", "┐": "sw", "└": "ne", "┘": "nw"}


def _colours(look: Look) -> tuple[str, str]:
    ink, paper = look.colour or INK, look.background or PAPER
    return (paper, ink) if look.reversed else (ink, paper)


def _border(character: str, x: float, y: float, ink: str) -> str:
    """A character of a frame, drawn so that it meets its neighbours whatever the font."""
    middle_x, middle_y = x + CELL / 2, y + LINE / 2
    if character == "─":
        path = f"M{x:.1f} {middle_y:.1f}h{CELL}"
    elif character == "│":
        path = f"M{middle_x:.1f} {y:.1f}v{LINE}"
    else:
        corner = _CORNERS[character]
        end_y = y + LINE if corner[0] == "s" else y
        end_x = x + CELL if corner[1] == "e" else x
        path = f"M{middle_x:.1f} {end_y:.1f}Q{middle_x:.1f} {middle_y:.1f} {end_x:.1f} {middle_y:.1f}"
    return f'<path d="{path}" stroke="{ink}" fill="none"/>'


def svg(screen: Screen, title: str) -> str:
    """The whole screen in a window with a title."""
    width, height = screen.columns * CELL + 2 * EDGE, screen.rows * LINE + BAR + EDGE
    drawn = []
    for number, row in enumerate(screen.cells):
        y, column = BAR + number * LINE, 0
        for look, group in groupby(row, key=lambda cell: cell[1]):
            text = "".join(character for character, _ in group)
            x = EDGE + column * CELL
            column += len(text)
            drawn += _run(text, look, x, y)
    lights = "".join(
        f'<circle cx="{EDGE + 8 + 20 * place}" cy="17" r="6" fill="{colour}"/>'
        for place, colour in enumerate(("#ff5f57", "#febc2e", "#28c840"))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'font-family="{FONT}" font-size="{SIZE}">\n'
        f"<title>{escape(title)}</title>\n"
        f'<rect width="100%" height="100%" rx="9" fill="{PAPER}"/>{lights}\n'
        f'<text x="50%" y="22" fill="#9b9ea4" text-anchor="middle">{escape(title)}</text>\n'
        + "\n".join(drawn)
        + "\n</svg>\n"
    )


def _run(text: str, look: Look, x: float, y: float) -> list[str]:
    """Characters side by side that look alike."""
    ink, paper = _colours(look)
    drawn = []
    if paper != PAPER:
        drawn.append(
            f'<rect x="{x:.1f}" y="{y}" width="{len(text) * CELL:.1f}" height="{LINE}" fill="{paper}" '
            'shape-rendering="crispEdges"/>'
        )
    for place, character in enumerate(text):
        if character in "─│" or character in _CORNERS:
            drawn.append(_border(character, x + place * CELL, y, ink))
    for word_at, word in _words(text):
        style = (
            (' font-weight="bold"' if look.bold else "")
            + (' font-style="italic"' if look.italic else "")
            + (' text-decoration="underline"' if look.underlined else "")
        )
        drawn.append(
            f'<text x="{x + word_at * CELL:.1f}" y="{y + 14}" fill="{ink}"{style} xml:space="preserve" '
            f'textLength="{len(word) * CELL:.1f}" lengthAdjust="spacingAndGlyphs">{escape(word)}</text>'
        )
    return drawn


def _words(text: str) -> list[tuple[int, str]]:
    """The pieces of text between the characters of frames, without spaces at their ends."""
    found, start = [], 0
    for frame, group in groupby(text, key=lambda character: character in "─│" or character in _CORNERS):
        piece = "".join(group)
        if not frame and piece.strip():
            found.append((start + len(piece) - len(piece.lstrip()), piece.strip()))
        start += len(piece)
    return found
