"""The commands and their options: what is read here is handed on as typed values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from sightline import __version__
from sightline.cli.models_group import models, serve, vectors
from sightline.errors import BadInput
from sightline.language.chunk import KINDS
from sightline.search.answer import MODES, Mode, Request

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_Command = TypeVar("_Command", bound=Callable[..., object])


def _languages(context: click.Context, option: click.Parameter, asked: tuple[str, ...]) -> tuple[str, ...]:
    """Names in the table of languages, for names, extensions and abbreviations; fails with the names there are."""
    from sightline.search.filters import language

    try:
        return tuple(name for value in asked for name in language(value))
    except BadInput as error:
        raise click.BadParameter(str(error).rstrip("."), context, option) from error


def _kinds(context: click.Context, option: click.Parameter, asked: tuple[str, ...]) -> tuple[str, ...]:
    """Kinds of chunks for their names and other words for them; fails with the names there are."""
    from sightline.search.filters import kind

    try:
        return tuple(name for value in asked for name in kind(value))
    except BadInput as error:
        raise click.BadParameter(str(error).rstrip("."), context, option) from error


def _narrowing(command: _Command) -> _Command:
    """The options that `search` and `similar` share."""
    options = (
        click.option("-k", "--limit", "limit", metavar="N", default=10, show_default=True,
                     type=click.IntRange(1, 1000), help="Show at most N results."),
        click.option("-l", "--language", "languages", multiple=True, callback=_languages, metavar="L",
                     help="Only this language (python, go, tsx …); may be given several times."),
        click.option("-p", "--path", "paths", multiple=True, metavar="GLOB",
                     help="Only files that match, as in .gitignore: 'src/', '*.py', '**/api/*.go'; repeatable."),
        click.option("--kind", "kinds", multiple=True, callback=_kinds, metavar="K",
                     help=f"Only this kind; repeatable. One of {', '.join(KINDS)}; docs for prose."),
        click.option("--mode", type=click.Choice(MODES), default="hybrid", show_default=True,
                     metavar="MODE", help="Rank by words (lexical), by meaning (semantic) or by both (hybrid)."),
        click.option("--wait", is_flag=True, help="Embed everything first, so that meaning counts everywhere."),
        click.option("--why", is_flag=True, help="Say below each result what it was found by."),
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object for programs."),
        click.option("--vimgrep", "as_places", is_flag=True, help="Print PATH:LINE:COLUMN:TEXT for editors' lists."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@click.group(context_settings=_HELP, invoke_without_command=True)
@click.version_option(__version__, prog_name="sightline", message="%(prog)s %(version)s")
@click.pass_context
def program(context: click.Context) -> None:
    """Find code by what it does.

    \b
      sightline search "read a gzip file line by line"
      sightline search "where is the retry delay computed" ~/projects/server -k 5
      sightline similar src/http.py:120

    The first search of a folder reads its files and answers by words; meaning is added as vectors are
    computed. Everything stays on this machine, unless you name an endpoint that embeds instead.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@program.command(short_help="Find code by a question, a description or a name.")
@click.argument("query", required=False)
@click.argument("path", nargs=-1, metavar="[PATH]")
@click.option("--stdin", "stream", is_flag=True, help="Read a query a line; write one JSON object a line.")
@_narrowing
def search(
    query: str | None,
    path: tuple[str, ...],
    stream: bool,
    limit: int,
    languages: tuple[str, ...],
    paths: tuple[str, ...],
    kinds: tuple[str, ...],
    mode: Mode,
    wait: bool,
    why: bool,
    as_json: bool,
    as_places: bool,
) -> int:
    """Find the code below PATH (the current folder if not given) that answers QUERY.

    QUERY is a question, a description of what the code does, a name such as HttpClient.send, a path, a pasted
    error message or trace, or a piece of code.

    \b
      sightline search "parse the configuration file"
      sightline search "retry with backoff" server/ --language go --kind method
      sightline search "retry with backoff lang:go -path:vendor/ -test" --why
      sightline search --stdin server/ < queries.txt

    Filters may stand in QUERY; with a dash before them they leave out:

    \b
      lang:go  language:python,c++     languages, by name, extension or abbreviation
      path:server/  file:"my dir/*.py" paths, as in .gitignore
      kind:method  kind:func  kind:docs  kinds of code, prose
      -test                            leaves out what holds a word in its path, name or text

    With --stdin every line gets one object in the same order; a line that cannot be answered, an empty one too,
    gets {"query": …, "error": …}.

    Exit status: 0, 1 when nothing was found, 2 when something is wrong.
    """
    from sightline.cli import searching

    if stream:
        if path:
            raise BadInput("With --stdin the queries come from stdin; give PATH alone.")
        return searching.search_stream(Request("", limit, mode, languages, paths, kinds), query or ".", wait=wait)
    if query is None:
        raise BadInput('Say what to search for, as in: sightline search "read a gzip file line by line".')
    if len(path) > 1:
        raise BadInput(f'Put a query of several words in quotes: sightline search "{query} {" ".join(path)}".')
    request = Request(query, limit, mode, languages, paths, kinds)
    printing = searching.Printing(why, as_json, as_places)
    return searching.search_once(request, path[0] if path else ".", printing, wait=wait)


@program.command(short_help="Find code that resembles a place in a file.")
@click.argument("place", metavar="FILE:LINE")
@click.argument("path", default=".")
@_narrowing
def similar(
    place: str,
    path: str,
    limit: int,
    languages: tuple[str, ...],
    paths: tuple[str, ...],
    kinds: tuple[str, ...],
    mode: Mode,
    wait: bool,
    why: bool,
    as_json: bool,
    as_places: bool,
) -> int:
    """Find code below PATH (the current folder if not given) that resembles the function at FILE:LINE.

    FILE:LINE-LINE takes these lines instead of the function around one.

    \b
      sightline similar src/http.py:120
      sightline similar src/http.py:120-134 --language python
    """
    from sightline.cli import searching

    request = Request("", limit, mode, languages, paths, kinds)
    printing = searching.Printing(why, as_json, as_places)
    return searching.search_similar(place, request, path, printing, wait=wait)


@program.command(short_help="Read and embed everything now.")
@click.argument("path", default=".")
@click.option("--rebuild", is_flag=True, help="Throw the stored index away first; computed vectors are used again.")
def index(path: str, rebuild: bool) -> int:
    """Complete the index of PATH (the current folder if not given).

    Only what changed is read and embedded. Ctrl-C loses nothing: the next run goes on from there.
    """
    from sightline.cli import keeping

    return keeping.complete(path, rebuild=rebuild)


@program.command(short_help="Say how complete the index is and where it lives.")
@click.argument("path", default=".")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for programs.")
def status(path: str, as_json: bool) -> int:
    """Say what the index of PATH (the current folder if not given) knows, left out, and where it is kept."""
    from sightline.cli import keeping

    return keeping.show(path, as_json=as_json)


@program.command(short_help="Say what may keep Sightline from working here.")
@click.argument("path", default=".")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for programs.")
def doctor(path: str, as_json: bool) -> int:
    """Check versions, settings, permissions, disk, model, index, watcher and editors, for PATH (the current folder).

    What it prints may be pasted into a report: no code, and of files only the folder's own path.

    Exit status: 0 when all is well, 1 when something needs attention, 2 when it cannot be examined.
    """
    from sightline.cli import doctor as examination

    return examination.examine(path, as_json=as_json)


@program.command(short_help="List the languages that are recognised, and how each is split.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for programs.")
def languages(as_json: bool) -> int:
    """List every language that is told apart, by what names its files are known, and how they are split.

    A grammar gives whole definitions, sections follow headings, cells and pages are those of the document; windows
    are stretches of lines.
    """
    from sightline.cli import inspecting

    return inspecting.list_languages(as_json=as_json)


@program.command(short_help="Show how a file is split into chunks.")
@click.argument("file")
@click.option("-l", "--language", metavar="L", help="Take FILE for this language; needed where FILE is -.")
@click.option("--definitions", is_flag=True, help="Show what the language's query matched, too.")
@click.option("--text", is_flag=True, help="Show the text of each chunk.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for programs.")
def chunks(file: str, language: str | None, definitions: bool, text: bool, as_json: bool) -> int:
    """Show how FILE is split: lines, kind, name, signature and tokens of each chunk. With - it is read from stdin.

    \b
      sightline chunks src/http.py
      sightline chunks --language kotlin - < Main.kt
      sightline chunks grammars/example.hs --definitions

    The last line says how much of the file its grammar did not understand: for people who write queries.
    """
    from sightline.cli import inspecting

    return inspecting.show_chunks(file, language or "", definitions=definitions, text=text, as_json=as_json)


@program.command(short_help="Serve editors by the Language Server Protocol.")
@click.option("--tcp", metavar="HOST:PORT", help="Listen for one client on a socket instead of stdin and stdout.")
def lsp(tcp: str | None) -> int:
    """Run the language server; an editor starts this by itself."""
    from sightline.cli import serving

    return serving.serve_editors(tcp)


for _command in (models, vectors, serve):
    program.add_command(_command)
