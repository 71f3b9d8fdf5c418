"""The catalogue holds together, and names lead to files, recipes and sizes."""

import re
from pathlib import Path

import pytest

from sightline.embedding.catalogue import choice, choice_of_file, choices, parsed
from sightline.embedding.fingerprint import Recipe, model_info
from sightline.embedding.models import default_model, demand_room, model_path, named, recipe_of
from sightline.embedding.models import model_info as info_of
from sightline.errors import ModelError
from sightline.settings import USERS_OWN, Settings

MODELS = list(choices().values())
FETCHED = [each for each in MODELS if each.model.repository]


@pytest.mark.parametrize("found", FETCHED, ids=lambda found: found.name)
def test_every_entry_says_what_it_must(found):
    model, file = found.model, found.file
    assert re.fullmatch(r"[\w.-]+/[\w.-]+", model.repository)
    assert re.fullmatch(r"main|[0-9a-f]{40}", model.revision)
    assert re.fullmatch(r"[\w.-]+\.gguf", file.name)
    assert re.fullmatch(r"|[0-9a-f]{64}", file.sha256)
    assert file.size > 50_000_000
    assert model.pooling in ("mean", "cls", "last")
    assert 0 <= model.smallest < model.dimensions
    assert 256 <= model.tokens <= model.context
    assert bool(model.cache) == (model.pooling == "last")
    assert model.licence


def test_names_of_files_and_checksums_are_those_of_one_file():
    assert len({each.file.name for each in MODELS}) == len(MODELS)
    sums = [each.file.sha256 for each in MODELS if each.file.sha256]
    assert len(set(sums)) == len(sums) >= 7


def test_every_template_takes_the_text():
    for found in MODELS:
        templates = [found.model.document, found.model.query, *found.model.tasks.values()]
        assert all(template.count("{text}") == 1 and "{instruction}" not in template for template in templates)


def test_qwen3_questions_carry_an_instruction_for_each_task():
    recipe = choice("qwen3-embedding-4b").recipe(Settings())
    asked = {task: recipe.question("x {y}", task) for task in ("code", "similar", "duplicates", "docs")}
    assert len(set(asked.values())) == 4
    assert all(re.fullmatch(r"Instruct: [^\n{]+\nQuery: x \{y\}", question) for question in asked.values())
    assert recipe.question("x") == recipe.question("x", "code")
    assert recipe.document("x {text}") == "x {text}"


def test_other_models_want_other_words():
    gemma = choice("embeddinggemma-300m").recipe(Settings())
    assert gemma.question("a") == "task: code retrieval | query: a"
    assert gemma.question("a", "docs") == "task: search result | query: a"
    assert gemma.document("a") == "title: none | text: a"
    nomic = choice("nomic-embed-text-v1.5").recipe(Settings())
    assert (nomic.question("a"), nomic.document("a")) == ("search_query: a", "search_document: a")


def test_a_name_may_say_the_quantization_in_any_case():
    assert choice("Qwen3-Embedding-4B").file == choice("qwen3-embedding-4b:q4_k_m").file
    assert choice("qwen3-embedding-4b:q8_0").file.name == "Qwen3-Embedding-4B-Q8_0.gguf"
    assert next(iter(choices())) == "default"
    assert "qwen3-embedding-4b:q4_k_m" not in choices()


def test_an_unknown_name_is_answered_with_those_that_are_near():
    with pytest.raises(ModelError, match=r"no model “qwen3-embeding”; did you mean qwen3-embedding-.*models list"):
        model_path(Settings(model="qwen3-embeding"))


def test_dimensions_are_cut_only_as_far_as_the_model_was_trained_for():
    assert choice("qwen3-embedding-0.6b").recipe(Settings(dimensions=33)).dimensions == 33
    with pytest.raises(ModelError, match="32 to 1024 dimensions, not 31"):
        choice("qwen3-embedding-0.6b").recipe(Settings(dimensions=31))
    with pytest.raises(ModelError, match="768 only"):
        choice("jina-embeddings-v2-base-code").recipe(Settings(dimensions=256))


def test_a_file_the_catalogue_knows_is_put_to_use_like_it_wherever_it_lies(tmp_path):
    path = tmp_path / "Qwen3-Embedding-0.6B-Q8_0.gguf"
    assert choice_of_file(path.name) is choice("qwen3-embedding-0.6b")
    assert recipe_of(Settings(model=str(path))) == recipe_of(Settings(model="qwen3-embedding-0.6b"))
    assert recipe_of(Settings(model=str(tmp_path / "own.gguf"), max_tokens=99, dimensions=8)) == Recipe(99, 8)
    assert named(Settings(model=str(path))) is None


def test_a_model_that_was_not_fetched_says_how_to(tmp_path):
    settings = Settings(model="bge-m3", cache_directory=str(tmp_path))
    with pytest.raises(
        ModelError, match=r"bge-m3 is not here yet; fetch its 0\.6 GB with `sightline models pull bge-m3`"
    ):
        info_of(settings)


def test_the_default_is_a_file_of_the_package_with_a_recipe_of_its_own():
    assert model_path(Settings()) == default_model()
    info = model_info(default_model(), recipe_of(Settings()))
    known = choice("default").model
    assert (info.dimensions, info.context, info.pooling) == (known.dimensions, known.context, known.pooling)
    assert info.max_tokens == known.tokens == recipe_of(Settings()).max_tokens


def test_a_model_too_large_is_refused_with_the_next_smaller():
    info = model_info(default_model())
    demand_room(info, Settings(model_memory=400_000_000))
    with pytest.raises(ModelError, match=r"takes about 0\.3 GB .*modelMemory” is 0\.1 GB: close other programs"):
        demand_room(info, Settings(model_memory=100_000_000))
    large = Settings(model="qwen3-embedding-4b", model_memory=2_000_000_000)
    as_large = type("Info", (), {"file_bytes": 2_500_000_000, "max_tokens": 2048, "model_dimensions": 2560,
                                 "layers": 36, "cache_width": 2048, "causal": True})()  # fmt: skip
    with pytest.raises(ModelError, match=r"3\.1 GB .* 2\.0 GB: .* next smaller, qwen3-embedding-0\.6b \(1\.2 GB\)"):
        demand_room(as_large, large)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[modells.x]\ntitle = "x"', "unknown tables modells"),
        ('[models.x]\ntitel = "x"', "unknown keys titel"),
        ('[models.x]\nfiles = [{ quantisation = "q8" }]', "unknown keys quantisation"),
        (
            '[models.x]\ntitle = "x"\nlicence = "y"\npooling = "mean"\ndimensions = 1\ncontext = 1\n'
            'files = [{ quantization = "q8_0", name = "x.gguf" }]',
            "without a size",
        ),
    ],
)
def test_a_catalogue_with_a_mistake_is_refused(text, reason):
    with pytest.raises(ValueError, match=reason):
        parsed(text)


def test_the_page_on_models_says_what_the_catalogue_says():
    page = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")
    table = page[page.index("## Which one") : page.index("Memory is what")]
    rows = {name: row for row, name in re.findall(r"^(\| `([\w.-]+)`.*)$", table, re.MULTILINE)}
    packaged = default_model().stat().st_size
    for found in MODELS:
        name, _, quantization = found.name.partition(":")
        row = rows[name]
        assert not quantization or f"`:{quantization}`" in row
        numbers = [
            f"{found.memory(Settings(), packaged) / 1e9:.1f}",
            f"{found.model.dimensions:,}",
            found.model.licence,
        ]
        numbers += [f"{found.model.tokens:,}"] + [f"{found.file.size / 1e9:.1f}"] * bool(found.file.size)
        numbers += [f", {found.model.smallest} |"] * bool(found.model.smallest)
        assert all(number in row for number in numbers), (found.name, row, numbers)
    assert set(rows) == {found.name.partition(":")[0] for found in MODELS}


def test_the_page_on_models_names_every_setting_that_is_the_users_own():
    page = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")
    for name in USERS_OWN:
        head, *rest = name.split("_")
        assert f"| `{head + ''.join(map(str.capitalize, rest))}`\\* |" in page
