"""Which files hold nothing to search, judged by their name or by their first look.

The tables are data; `by_name` and `by_content` answer with one of the reasons below, or "" for a file to keep.
"""

from __future__ import annotations

import re

from sightline.language import pages
from sightline.language.source import PDF

BINARY = "binary"
TOO_LARGE = "too large"
MINIFIED = "minified"
GENERATED = "generated"
PDF_UNREAD = 'PDF, read after: pip install "sightline[pdf]"'
PDF_UNREADABLE = "PDF without readable text"
LOCK_FILE = "lock file"
SECRET = "likely secret"
SIGHTLINEIGNORE = "ignored by .sightlineignore"
EXCLUDED = "excluded in the settings"
IGNORED = "ignored by git's rules"
TOOL_FOLDER = "in a folder of tools"
LINK = "link"
SPECIAL = "not a regular file"
UNREADABLE = "unreadable"
UNREADABLE_NAME = "unreadable name"
OTHER_WORK_TREE = "in another work tree"
MISSING = "missing"
OUTSIDE = "outside the root"
OWN = "kept by Sightline"

OVERRIDABLE = frozenset({MINIFIED, GENERATED, LOCK_FILE})
"""Reasons that a `!` pattern in a .sightlineignore overrules; a secret or a binary stays out whatever it says."""

VERSION_CONTROL = frozenset({".git", ".hg", ".svn", ".bzr", ".jj", "CVS", "_darcs"})
"""Folders that are never entered."""

TOOL_FOLDERS = frozenset(
    """
    node_modules bower_components jspm_packages .yarn .pnpm-store __pycache__ .venv .tox .nox .eggs
    .mypy_cache .ruff_cache .pytest_cache .hypothesis .ipynb_checkpoints .gradle .terraform .next .nuxt
    .svelte-kit .angular .turbo .parcel-cache .cache .dart_tool .bundle .stack-work .direnv .idea .vs
    """.split()
)
"""Folders that tools fill; left out where no git says what belongs, unless a `!` pattern names them."""

_LOCK_NAMES = frozenset(
    """
    package-lock.json npm-shrinkwrap.json pnpm-lock.yaml bun.lockb go.sum go.work.sum gradle.lockfile
    cartfile.resolved package.resolved packages.lock.json module.bazel.lock .terraform.lock.hcl conda-lock.yml
    project.assets.json cabal.project.freeze .pnp.cjs .pnp.loader.mjs
    """.split()
)
_LOCK_SUFFIXES = (".lock", ".lockfile")

_BINARY_SUFFIXES = frozenset(
    """
    png jpg jpeg gif bmp ico icns webp avif heic tif tiff psd xcf ai eps cr2 nef
    mp3 mp4 m4a m4v ogg oga ogv wav flac aac avi mov mkv webm wmv mid
    ttf otf woff woff2 eot fon pfb
    zip gz tgz bz2 tbz xz txz zst lz4 lzma 7z rar tar jar war ear aar apk ipa deb rpm dmg iso whl egg crx xpi nupkg gem
    exe dll so dylib o obj lib pdb ilk class pyc pyo pyd wasm bin elc beam node rlib rmeta ko
    doc docx xls xlsx ppt pptx odt ods odp pages numbers epub mobi
    sqlite sqlite3 db3 mdb parquet arrow feather orc avro npy npz pkl pickle joblib h5 hdf5 rds
    gguf ggml onnx pt pth ckpt safetensors tflite pb caffemodel
    blend fbx glb stl dwg 3ds swf fla pcap pcapng hprof profraw mo
    """.split()
)
"""Formats that are never text. Endings that text uses too (`.key`, `.dat`, …) are left to `by_content`."""

_MINIFIED_SUFFIXES = (".min.js", ".min.mjs", ".min.cjs", ".min.css", ".min.html", ".min.json", "-min.js", "-min.css")
_GENERATED_SUFFIXES = (
    ".js.map",
    ".mjs.map",
    ".cjs.map",
    ".css.map",
    ".ts.map",
    "_pb2.py",
    "_pb2.pyi",
    "_pb2_grpc.py",
    ".pb.go",
    ".pb.gw.go",
    ".pb.cc",
    ".pb.h",
    ".pb.swift",
    "_pb.js",
    "_pb.d.ts",
    ".g.dart",
    ".freezed.dart",
    ".g.cs",
    ".g.i.cs",
    ".designer.cs",
)

_SECRET_NAMES = frozenset(
    """
    .env .envrc .netrc _netrc .pgpass .git-credentials .htpasswd .pypirc .dockercfg .vault-token
    id_rsa id_dsa id_ecdsa id_ed25519 id_ecdsa_sk id_ed25519_sk .aws/credentials .docker/config.json .kube/config
    """.split()
)
"""File names, or the last folder and the name."""
_SECRET_SUFFIXES = (".env", ".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".ppk", ".gpg", ".tfstate", ".tfstate.backup")
_EXAMPLES = ("example", "sample", "template", "dist", "defaults", "default", "schema")
"""Words that mark an environment file as one to copy from, which holds no secrets."""

_ONE_LINERS = (".js", ".mjs", ".cjs", ".jsx", ".css", ".html", ".htm", ".json", ".svg", ".xml", ".geojson")
_LONG_LINE = 400
"""Average bytes a line from which on a file of `_ONE_LINERS` is taken for minified."""
_SHORT_FILE = 4_000
"""Bytes up to which a file is never taken for minified."""

_PICTURES = 20
"""Times as large as a text a file may be that holds pictures too."""

_HEAD_LINES = 40
_GENERATED = re.compile(
    rb"""
    ^\s*(?:\#+|//+!?|/?\*+!?|--+|;+|%+|<!--|'|"{3}|REM\b|<\#)?\s*
    (?:
        .{0,200}\bcode\ generated\b.{0,300}\bdo\ not\ edit\b
      | @generated\b
      | <auto-?generated\b
      | .{0,200}\bgenerated\b.{0,300}\b(?:do\ not|don't)\ (?:edit|modify|change)\b
      | .{0,200}\b(?:do\ not|don't)\ (?:edit|modify|change)\b.{0,300}\bgenerated\b
      | this\ (?:file|code|header|module)\ (?:is|was|has\ been)\ (?:auto-?|automatically\ |machine-?)?generated\b
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_COMMENT = re.compile(rb"""^\s*(?:#|//|/\*|\*|--|;|%|<!--|'|"{3}|REM\b|<#)""", re.IGNORECASE)

_PRIVATE_KEY = re.compile(rb"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_SUFFIXES = (".pem", ".key", ".crt", ".cer", ".p8", ".asc")
_TOKEN = re.compile(rb"_(?:authToken|auth|password)\s*=\s*[^\s$]", re.IGNORECASE)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def by_name(path: str) -> str:
    """Why the file at `path` is left out whatever it holds, or ""."""
    parts = path.lower().rsplit("/", 2)
    name = parts[-1]
    if _secret_name(name) or "/".join(parts[-2:]) in _SECRET_NAMES:
        return SECRET
    if name in _LOCK_NAMES or name.endswith(_LOCK_SUFFIXES):
        return LOCK_FILE
    if is_pdf(name):
        return "" if pages.readable() else PDF_UNREAD
    if name.rpartition(".")[2] in _BINARY_SUFFIXES and "." in name[1:]:
        return BINARY
    if name.endswith(_MINIFIED_SUFFIXES):
        return MINIFIED
    if name.endswith(_GENERATED_SUFFIXES):
        return GENERATED
    return ""


def is_pdf(path: str) -> bool:
    """Whether the file is called a PDF, which only a worker process should read."""
    return path[-4:].lower() == ".pdf"


def most_bytes(path: str, limit: int) -> int:
    """How large the file at `path` may be where `limit` is for text: most of a notebook or a PDF is pictures."""
    return limit * _PICTURES if path[-6:].lower() == ".ipynb" or is_pdf(path) else limit


def by_content(path: str, data: bytes) -> str:
    """Why the file at `path` that holds `data` is left out, or ""; its name was judged before."""
    name = path.lower().rpartition("/")[2]
    if _secret_content(name, data):
        return SECRET
    if is_pdf(name):
        return "" if data.startswith(PDF) else BINARY
    if b"\0" in data and not data.startswith(_UTF_16):
        return BINARY
    if name.endswith(_ONE_LINERS) and len(data) > _SHORT_FILE and len(data) / (data.count(b"\n") + 1) > _LONG_LINE:
        return MINIFIED
    if _says_generated(data):
        return GENERATED
    return ""


def _secret_name(name: str) -> bool:
    if name in _SECRET_NAMES:
        return True
    if name.startswith(".env.") or name.endswith(_SECRET_SUFFIXES):
        return not any(word in _EXAMPLES for word in re.split(r"[.\-_]", name))
    return False


def _secret_content(name: str, data: bytes) -> bool:
    if name in (".npmrc", ".yarnrc", ".yarnrc.yml"):
        return _TOKEN.search(data) is not None
    if data.startswith(b"PuTTY-User-Key-File"):
        return True
    if b"PRIVATE KEY" not in data:
        return False
    if name.endswith(_KEY_SUFFIXES) or "." not in name[1:]:
        return _PRIVATE_KEY.search(data) is not None
    return _PRIVATE_KEY.match(data.lstrip()) is not None


def _says_generated(data: bytes) -> bool:
    """Whether a comment among the first lines says that a program wrote this file."""
    lines = data[:8_192].split(b"\n", _HEAD_LINES)[:_HEAD_LINES]
    return any(_COMMENT.match(line) and _GENERATED.match(line) for line in lines)
