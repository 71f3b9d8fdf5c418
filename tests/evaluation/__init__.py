"""Does a search put the right function first? Measured on data that nobody of this project wrote.

    python -m tests.evaluation cosqa DATA [--json OUT] [--compare OLD.json] [--modes lexical,hybrid] [--limit N]
    python -m tests.evaluation repositories DATA CHECKOUTS [--only NAME] …
    python -m tests.evaluation cosqa DATA --ablate
    python -m tests.evaluation models COSQA_DATA REPOSITORIES_DATA CHECKOUTS MODEL[@TOKENS] …
    python -m tests.evaluation tables RESULTS DATA
    python -m tests.evaluation definitions FOLDER [--only LANGUAGE] … [--misses N] [--results OUT]

DATA for `cosqa` holds `functions.json`, a list of sources, and `queries_dev.json` (or the file that `--queries`
names), a list of `{query, relevant}` where `relevant` is the index of the one right function.

DATA for `repositories` holds `repositories.json`, a list of `{name, language, revision, root, published}`, and
`queries/NAME.json`, lists of `{query, category, relevant, secondary}` whose targets are paths, or `{path,
start_line, end_line}`, relative to the repository or to the root. CHECKOUTS/NAME is the repository at its revision.

FOLDER for `definitions` holds a folder of real files for each language: which share of what has a name there became a
chunk of its own. Needs Universal Ctags.
"""
