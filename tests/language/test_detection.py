"""A file's language by its name, and by how it begins where the name leaves it open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.language.detection import detect
from sightline.language.languages import catalogue


@pytest.mark.parametrize(
    ("path", "head", "language"),
    [
        ("src/app.py", "", "python"),
        ("SRC/APP.PY", "", "python"),
        ("Main.JAVA", "", "java"),
        ("types.d.ts", "declare const a: 1", "typescript"),
        ("view.tsx", "", "tsx"),
        ("setup.py.in", "", "python"),
        ("config.h.in", "int a;", "c"),
        ("a.b/Rakefile", "", "ruby"),
        (".bashrc", "", "bash"),
        ("README.md", "", "markdown"),
        ("docs/index.rst", "", "restructuredtext"),
        ("data.unknown", "some text", ""),
        ("LICENSE", "Apache License", "text"),
        ("notes/todo.txt", "", "text"),
        ("requirements.txt", "", "requirements"),
        ("lib/CMakeLists.txt", "", "cmake"),
        ("guide.mdx", "", "mdx"),
        ("guide.adoc", "", "asciidoc"),
        ("paper.tex", "", "latex"),
        ("explore.ipynb", "{}", "jupyter"),
        ("manual.PDF", "%PDF-1.7", "pdf"),
        (".py", "", ""),
        ("folder.py/notes", "", ""),
        ("script.py", "#!/bin/sh\n", "python"),
        ("tool", "#!/usr/bin/python3.11\n", "python"),
        ("tool", "#! /usr/bin/env python3\n", "python"),
        ("tool", "#!/usr/bin/env -S python3 -u\n", "python"),
        ("tool", "#!/usr/bin/env -Snode --harmony\n", "javascript"),
        ("tool", "#!/usr/bin/env -i LANG=C lua5.4\r\n", "lua"),
        ("tool", "\ufeff#!/bin/bash -e\n", "bash"),
        ("configure.fcgi", "#!/usr/bin/php8.2", "php"),
        ("tool", "#!/usr/bin/perl\n", "perl"),
        ("tool", "#!/usr/bin/env pwsh\n", "powershell"),
        ("tool", "#!/usr/bin/Rscript --vanilla\n", "r"),
        ("tool", "#!/opt/unknown\n", ""),
        ("build.gradle.kts", "plugins { }", "kotlin"),
        ("build.gradle", "plugins { }", "groovy"),
        ("Jenkinsfile", "pipeline { }", "groovy"),
        ("lib/a.mli", "val x : int", "ocaml-interface"),
        ("plot.R", "x <- 1", "r"),
        ("sdk.r", "REBOL [Title: 1]", ""),
        ("t/basic.t", "use Test::More;", "perl"),
        ("view.mm", "", "objc"),
        ("tool", "#!\n", ""),
        ("tool", "#!/usr/bin/env\n", ""),
        ("vector", "// <vector> -*- C++ -*-\n", "cpp"),
        ("tool", "#!/bin/run\n# -*- mode: ruby; tab-width: 2 -*-\n", "ruby"),
        ("tool", "-*- coding: utf-8 -*-\n", ""),
        ("index", "<?php echo 1;", "php"),
        ("helpers.inc", "<html><?= 1 ?>", "php"),
        ("platform.inc", "mov ax, bx", ""),
        ("Dockerfile", "", "dockerfile"),
        ("deploy/api.dockerfile", "", "dockerfile"),
        ("CMakeLists.txt", "", "cmake"),
        ("GNUmakefile", "", "make"),
        ("prod.tfvars", "", "hcl"),
        ("tool", "#!/usr/bin/make -f\n", "make"),
        ("tool", "#!/usr/bin/awk -f\n", "awk"),
        ("tool", "#!/usr/bin/env fish\n", "fish"),
        ("alu.v", "`timescale 1ns/1ps\nmodule alu(input a);\nendmodule\n", "verilog"),
        ("proof.v", "From Coq Require Import List.\nLemma a : True.\n", ""),
        ("main.v", "module main\n\nfn main() {\n", ""),
        ("Program.fs", "module Program\nlet main args = 0\n", "fsharp"),
        ("light.fs", "#version 330\nvoid main() {}\n", "glsl"),
        ("app.d", "module app;\nvoid main() {}\n", "d"),
        ("app.d", "build/app.o: src/app.c \\\n  src/app.h\n", ""),
        ("german.ts", '<?xml version="1.0"?>\n<!DOCTYPE TS>', ""),
    ],
)
def test_language_of_a_file(path: str, head: str, language: str) -> None:
    assert detect(path, head.encode()) == language


@pytest.mark.parametrize(
    ("head", "language"),
    [
        ("", "c"),
        ("#include <stdio.h>\nstruct point { int x; };\nint add(int a, int b);\n", "c"),
        ("/* a class of things\nclass A {\n*/\n// namespace x\nint a;\n", "c"),
        ('#ifdef __cplusplus\nextern "C" {\n#endif\nint a;\n#ifdef __cplusplus\n}\n#endif\n', "c"),
        ("#if defined(__cplusplus)\nnamespace a {\n#if X\nclass B;\n#endif\n#else\nint a;\n#endif\n", "c"),
        ("#ifdef __cplusplus\n#else\nclass A {};\n#endif\n", "cpp"),
        ("#ifdef __OBJC__\n@class A;\n#else\ntypedef struct A A;\n#endif\n", "c"),
        ("#import <Foundation/Foundation.h>\n@interface A : NSObject\n@end\n", "objc"),
        ("EXPORT @protocol A;\n", "objc"),
        ("NS_ASSUME_NONNULL_BEGIN\nextern int a;\n", "objc"),
        ("// -*- Objective-C -*-\nint a;\n", "objc"),
        ("int a; /* unclosed\nclass B {", "c"),
        ("int class_of(int virtual_address);\nint operator_count;\n", "c"),
        ("class A;\n", "cpp"),
        ("#pragma once\nnamespace a::b {\n", "cpp"),
        ("template <class T>\nT max(T a, T b);\n", "cpp"),
        ("#include <vector>\n", "cpp"),
        ('#include "x/y.hpp"\n', "cpp"),
        ("struct A {\n public:\n  int b;\n};\n", "cpp"),
        ("using std::string;\n", "cpp"),
        ("enum class Color { red };\n", "cpp"),
        ("struct A { bool operator==(const A&); };\n", "cpp"),
        ("struct A {\n  virtual ~A();\n};\n", "cpp"),
        ("// -*- C++ -*-\nint a;\n", "cpp"),
    ],
)
def test_a_header_is_c_unless_it_says_what_only_others_can(head: str, language: str) -> None:
    assert detect("include/thing.h", head.encode()) == language


@pytest.mark.parametrize(
    ("path", "head", "language"),
    [
        ("a.m", "", "objc"),
        ("a.m", "// A.\n#import <UIKit/UIKit.h>\n@implementation A\n@end\n", "objc"),
        ("a.m", "#include <stdio.h>\nint main(void) { return 0; }\n", "objc"),
        ("a.m", "function y = f(x)\n% F  Squares.\ny = x .^ 2;\n", "matlab"),
        ("a.m", "% Draws.\nclear\nplot(1)\n", "matlab"),
        ("a.m", "## Copyright\nfunction f ()\nendfunction\n", "matlab"),
        ("a.m", "% -*- Octave -*-\nx = 1\n", "matlab"),
        ("a.m", "classdef A < handle\nend\n", "matlab"),
        ("a.m", '(* ::Package:: *)\nBeginPackage["A`"]\n', "mathematica"),
        ("a.m", "f[x_, y_] := x + y\n", "mathematica"),
        ("a.pl", "", "perl"),
        ("a.pl", "#!/usr/bin/perl\nprint 1;\n", "perl"),
        ("a.pl", "use strict;\nfoo(a) :- 1;\n", "perl"),
        ("a.pl", "# A comment.\nprint 'x';\n", "perl"),
        ("a.pl", ":- module(lists, [append/3]).\n\nappend([], L, L).\n", "prolog"),
        ("a.pl", "% Family.\nparent(tom, bob).\nancestor(X, Y) :- parent(X, Y).\n", "prolog"),
        ("a.pl", "% -*- Prolog -*-\n", "prolog"),
    ],
)
def test_languages_that_share_an_extension(path: str, head: str, language: str) -> None:
    assert detect(path, head.encode()) == language


@given(
    st.sampled_from(["a.h", "a", "a.inc", "a.m", "a.pl", "a.r", "a.ts", "a.py.in", "..", ""]), st.binary(max_size=300)
)
def test_any_beginning_has_an_answer(path: str, head: bytes) -> None:
    assert detect(path, head) in ("", *catalogue())


@given(st.lists(st.sampled_from([b"#ifdef __cplusplus\n", b"#endif\n", b"#else\n", b"/*", b"*/", b"//", b"-*-", b" "])))
def test_any_header_is_of_the_family_of_c(parts: list[bytes]) -> None:
    assert detect("a.h", b"".join(parts)) in ("c", "cpp", "objc")
