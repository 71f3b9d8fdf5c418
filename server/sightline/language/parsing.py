"""What a language's data sees in source: the query of its grammar or, where it has none, its patterns."""

from __future__ import annotations

from sightline.language.grammars import Parse, chunk_query, parse
from sightline.language.languages import Language
from sightline.language.patterns import patterns, read


def is_read(language: Language) -> bool:
    """Whether `language` has a query or patterns; raises GrammarError where these are wrong."""
    return chunk_query(language) is not None or patterns(language) is not None


def parsed(language: Language, source: bytes, seconds: float) -> Parse | None:
    """What there is in `source`, None where nothing tells; raises Overrun and GrammarError."""
    query = chunk_query(language)
    if query is not None:
        return parse(language, query, source, seconds)
    found = patterns(language)
    return read(found, source, seconds) if found else None
