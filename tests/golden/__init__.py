"""Questions about the Python standard library and the answers they get, in the style of zoekt's golden files.

    python -m tests.golden [--update] [--mode hybrid]

The page of a mode, `stdlib/MODE.txt`, holds the first six answers to each question, the right ones between `**`,
and recall@1, recall@5 and MRR. A change of ranking is a readable difference of that page.
"""
