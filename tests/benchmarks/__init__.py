"""How fast and how light it is: `python -m tests.benchmarks`, explained in docs/benchmarks.md.

Each part is measured in a process of its own, beside what limits it, in the same run; nothing here is a test that
can fail for being slow.
"""
