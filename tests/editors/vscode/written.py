"""What of the extension follows from the server: `src/protocol.ts`, and the server's settings in `package.json`.

`python -m tests.editors.vscode` writes both; a test holds that they are as they would be written.
"""

from __future__ import annotations

import ast
import inspect
import json
import types
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from sightline import settings
from sightline.lsp import messages, protocol
from tests.editors.conftest import TOP

EXTENSION = TOP / "editors" / "vscode"
PROTOCOL = EXTENSION / "src" / "protocol.ts"
MANIFEST = EXTENSION / "package.json"

_HEAD = """// Written from server/sightline/lsp/messages.py by `python -m tests.editors.vscode`; do not edit.
"""
_PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", types.NoneType: "null"}
_ELSE = {"model": "`default` for the one in the package, or another name that *Sightline: Choose Model…* shows."}
"""What is said otherwise: no editor may name a file."""
_JSON = {str: "string", int: "integer", bool: "boolean", tuple: "array"}


def protocol_text() -> str:
    """The whole of `protocol.ts`."""
    names = {name: value for name, value in vars(protocol).items() if isinstance(value, str) and name.isupper()}
    constants = [f"export const {name} = {json.dumps(value)};" for name, value in sorted(names.items())]
    known = ", ".join(json.dumps(name) for name in server_settings())
    constants.append(f"export const SERVER_SETTINGS: readonly string[] = [{known}];")
    return "\n".join([_HEAD, *constants, *map(_interface, _messages())])


def _messages() -> Iterator[type]:
    for value in vars(messages).values():
        if isinstance(value, type) and is_typeddict(value):
            yield value


def _name(message: type) -> str:
    return message.__name__.removesuffix("Json")


def _interface(message: type) -> str:
    hints = get_type_hints(message)
    lines = [
        f"  readonly {name}{'' if name in message.__required_keys__ else '?'}: {_type(hint)};"  # type: ignore[attr-defined]
        for name, hint in hints.items()
    ]
    return f"\n/** {inspect.getdoc(message)} */\nexport interface {_name(message)} {{\n" + "\n".join(lines) + "\n}"


def _type(hint: Any) -> str:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return " | ".join(json.dumps(each) for each in arguments)
    if origin in (Union, types.UnionType):
        return " | ".join(map(_type, arguments))
    if origin is list:
        return f"readonly {_type(arguments[0])}[]"
    if origin is dict:
        return f"Readonly<Record<{_type(arguments[0])}, {_type(arguments[1])}>>"
    return _name(hint) if is_typeddict(hint) else _PLAIN[hint]


def server_settings() -> dict[str, dict[str, Any]]:
    """The schema of each setting that the server takes from an editor, by its name as that sends it.

    A text names a file, a program or an address: a workspace's own files must not choose it, hence the scope, unless it
    is one of a few words. What the server takes from no editor is not shown in one.
    """
    texts, hints = _docstrings(), get_type_hints(settings.Settings)
    found = {}
    shown = [field for field in fields(settings.Settings) if field.name not in settings.USERS_OWN]
    for number, field in enumerate(shown):
        head, *rest = field.name.split("_")
        kind = type(field.default)
        schema: dict[str, Any] = {"type": _JSON[kind]}
        words = list(get_args(hints[field.name])) if get_origin(hints[field.name]) is Literal else []
        if words:
            schema["enum"] = words
        if kind is tuple:
            schema["items"] = {"type": "string"}
        if kind is int:
            schema["minimum"] = 0
        schema["default"] = list(field.default) if isinstance(field.default, tuple) else field.default
        schema["scope"] = "machine" if kind is str and not words else "window"
        schema["order"] = 10 + number
        schema["markdownDescription"] = _ELSE.get(field.name, texts[field.name])
        found[head + "".join(map(str.capitalize, rest))] = schema
    return found


def _docstrings() -> Mapping[str, str]:
    """The sentence below each field of `Settings`."""
    tree = ast.parse(inspect.getsource(settings.Settings))
    assert isinstance(tree.body[0], ast.ClassDef)
    texts, name = {}, ""
    for node in tree.body[0].body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and name:
            texts[name] = " ".join(str(node.value.value).split())
    return texts


def manifest_with_settings(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """`package.json` with the extension's own settings as they are and the server's as they should be."""
    written: dict[str, Any] = json.loads(json.dumps(manifest))
    configuration = written["contributes"]["configuration"]
    own = {name: schema for name, schema in configuration["properties"].items() if schema["order"] < 10}
    served = {f"sightline.{name}": schema for name, schema in server_settings().items()}
    configuration["properties"] = {**own, **served}
    return written


def write() -> None:
    """Write both files; package.json is left to `npm run format` to lay out."""
    PROTOCOL.write_text(protocol_text() + "\n", encoding="utf-8")
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    text = json.dumps(manifest_with_settings(manifest), indent=2, ensure_ascii=False)
    MANIFEST.write_text(text + "\n", encoding="utf-8")
