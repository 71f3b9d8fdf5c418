"""The words of headings and sentences, without what marks them up."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sightline.language.prose.reading import FENCED, ITEM
from sightline.language.source import Lines

LONGEST = 200
"""Characters of a title or of a first sentence."""

_SENTENCE_END = re.compile(r"(?<!\be\.g)(?<!\bi\.e)[.!?](?=\s)|。")
_NO_SENTENCE = re.compile(
    r"```|~~~|<|\||\.\. |:[\w-]+:|!\[|\[!|\[[^\]]*\]:|[-=*_~^+#./]{3,}\s*$"
    r"|#\+\w|\[[\w#%.,\"'= -]*\]\s*$|%|#(?:set|show|import|let)\b"
    r"|\\(?:begin|end|label|centering|usepackage|documentclass|maketitle)\b"
    r"|(?:import|export)\s.*[;'\"{]\s*$"
)
"""How lines begin that are no prose: code, HTML, tables, directives, field lists, images, link targets, rules;
Org's keywords, AsciiDoc's attributes, TeX's and Typst's commands, MDX's imports."""
_MARKUP = re.compile(
    r"!?\[([^\]\[]*)\](?:\([^()]*\)|\[[^\]\[]*\])"  # Markdown's links and images
    r"|\[\[(?:[^\]\[]*\]\[)?([^\]\[]*)\]\]"  # Org's links
    r"|(?:link:|https?:)[^\s\[\]]*\[([^\]\[]*)\]"  # AsciiDoc's
    r"|</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>|\{#[^{}]*\}"  # HTML's tags, anchors
    r"|:[\w:.+-]+:(?=`)|\s?<[^<>`]*>(?=`)"  # reStructuredText's roles, and the targets of its links
    r"|\\(?:label|index|cite\w*)\{[^{}]*\}|\\[a-zA-Z]+\*?(?:\[[^\]]*\])?\{([^{}]*)\}"  # TeX's commands
    r"|`+_*|\*+"
)


def first_sentence(lines: Lines, costs: Sequence[int], first: int, end: int) -> str:
    """The first sentence of the first paragraph of prose in the lines [first, end), on one line and not long.

    Lines before which `costs` forbid a break are blank or code.
    """
    words: list[str] = []
    for line in range(first, end):
        text = lines.content(line).decode("utf-8", "replace").strip() if costs[line] < FENCED else ""
        if not text or _NO_SENTENCE.match(text) or (words and ITEM.match(text)):
            if words:
                break
            continue
        words.append(text)
        if sum(map(len, words)) > 2 * LONGEST or _SENTENCE_END.search(text + " "):
            break
    paragraph = bare(ITEM.sub("", " ".join(words), count=1))
    sentence_end = _SENTENCE_END.search(paragraph + " ")
    return shortened(paragraph[: sentence_end.end()] if sentence_end else paragraph)


def bare(text: str) -> str:
    """The words of a heading or a sentence: without targets of links, tags, anchors, emphasis and code marks."""
    text = text[: 4 * LONGEST]
    words = _MARKUP.sub(lambda match: "".join(filter(None, match.groups())), text)
    return " ".join(words.split()) or " ".join(text.split())


def title_of(text: str) -> str:
    """The words of a heading, and no more than fit a line."""
    return shortened(bare(text))


def shortened(text: str) -> str:
    """The text, or its beginning where it is long."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
