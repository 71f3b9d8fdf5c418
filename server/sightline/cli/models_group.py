"""The commands about models and their vectors, and their options."""

from __future__ import annotations

import click


@click.group(short_help="List, fetch, measure and switch embedding models.")
def models() -> None:
    """Embedding models: the one inside, larger ones that are fetched once, or any GGUF file of yours.

    \b
      sightline models list
      sightline models use qwen3-embedding-0.6b
      sightline models use default
    """


@models.command("list", short_help="List the models that are known by name.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for programs.")
def list_(as_json: bool) -> int:
    """List the models that are known by name: file and memory they take, what fits this machine, which is in use."""
    from sightline.cli import models_listing

    return models_listing.list_models(as_json=as_json)


@models.command(short_help="Fetch a model.")
@click.argument("name")
def pull(name: str) -> int:
    """Fetch the model NAME once; an interrupted download goes on where it stopped.

    HF_ENDPOINT names a mirror, HF_TOKEN opens models whose licence you accepted; proxies are those of the environment.
    """
    from sightline.cli import models_fetching

    return models_fetching.pull(name)


@models.command(short_help="Search with another model from now on.")
@click.argument("name")
@click.argument("folders", nargs=-1, metavar="[FOLDER]...")
@click.option("--now", is_flag=True, help="Switch at once; vectors come behind, words answer meanwhile.")
def use(name: str, folders: tuple[str, ...], now: bool) -> int:
    """Search with the model NAME, or a GGUF file, from now on; it is fetched first if it is not here.

    What is indexed, or FOLDER alone, gets its vectors first, and searches use the old ones until then. Ctrl-C stops
    that; what was computed is kept. Switching back costs nothing. Editors that are open take the model, too.
    """
    from sightline.cli import models_switching

    return models_switching.use(name, folders, now=now)


@models.command(short_help="Delete a model that was fetched.")
@click.argument("name")
def remove(name: str) -> int:
    """Delete the file of the model NAME."""
    from sightline.cli import models_fetching

    return models_fetching.remove(name)


@models.command(short_help="Measure how fast models are on this machine.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
def bench(names: tuple[str, ...]) -> int:
    """Measure chunks a second and the time of a question of each model NAME, or of the one in use."""
    from sightline.cli import models_listing

    return models_listing.bench(names)


@click.group(short_help="Share computed vectors between machines.")
def vectors() -> None:
    """Vectors are kept by the text and the model they were made of, whatever the folder, clone or branch.

    One machine, such as your CI, computes and exports them; everyone else imports them and embeds almost nothing.
    """


@vectors.command("export", short_help="Write the vectors of the model in use to a file.")
@click.argument("file")
def export(file: str) -> int:
    """Write all vectors that were made by the model in use to FILE."""
    from sightline.cli import vectors as command

    return command.export_vectors(file)


@vectors.command("import", short_help="Take vectors that another machine exported.")
@click.argument("file")
def import_(file: str) -> int:
    """Take the vectors in FILE, made by the same model. Import only what you trust: vectors decide what is found."""
    from sightline.cli import vectors as command

    return command.import_vectors(file)


@click.command(short_help="Serve the model in use to editors and other programs over HTTP.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port", default=8484, show_default=True, type=click.IntRange(0, 65535), help="0 takes any that is free."
)
@click.option("--open-to-all", is_flag=True, help="Serve other machines without a token.")
def serve(host: str, port: int, open_to_all: bool) -> int:
    """Answer /v1/embeddings, as OpenAI does, from the model in use.

    SIGHTLINE_SERVE_TOKEN is the token that requests must bear; beyond this machine there has to be one. On other
    machines: SIGHTLINE_ENDPOINT=http://HOST:PORT/v1 and SIGHTLINE_ENDPOINT_KEY=TOKEN.
    """
    from sightline.cli import embeddings

    return embeddings.serve_embeddings(host, port, open_to_all=open_to_all)
