"""Run by a Python that has semble, not by ours: its index of a folder with a model that does nothing.

What is left is its lexical work. Prints seconds of each question, and of all of them, as one JSON object.
"""

import json
import sys
import time

import numpy as np
from semble import SembleIndex
from semble.index import index as module


class Nothing:
    """Vectors that are all alike."""

    dim = 8

    def encode(self, texts, **_):
        return np.ones((len(texts), self.dim), np.float32)


if __name__ == "__main__":
    module.load_model = lambda *_: (Nothing(), "nothing")
    found = SembleIndex.from_path(sys.argv[1])
    samples = []
    for question in sys.argv[2:]:
        began = time.perf_counter()
        found.search(question, top_k=10)
        samples.append(time.perf_counter() - began)
    print(json.dumps({"chunks": len(found.chunks), "questions": samples, "asking": sum(samples)}))
