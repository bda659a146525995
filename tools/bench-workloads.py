#!/usr/bin/env python3
"""The six workloads that `tools/bench` times, for every library the same numbers. NumPy is all it needs.

    tools/bench-workloads.py FOLDER [NAME ...]

Each workload becomes NAME.txt, its settings, and NAME.bin, little-endian float32: inputs, targets, then W (row-major
[n_out x n_in]) and b of each layer. Rows are not shuffled; an incomplete last batch is left out.
"""
import csv
import os
import sys

import numpy as np

#        sizes, hidden and output activation, loss, batch, rule, epochs in one pass
WORKLOADS = {
    "W1": ([4, 8, 3], "sigmoid", "sigmoid", "half-squared-error", 1, "sgd 0.1", 1),
    "W2": ([4, 8, 3], "sigmoid", "sigmoid", "half-squared-error", 150, "sgd 0.1", 100),
    "W3": ([64, 32, 10], "sigmoid", "sigmoid", "half-squared-error", 32, "sgd 0.5", 1),
    "W4": ([784, 128, 10], "relu", "softmax", "cross-entropy", 64, "momentum 0.01 0.9", 1),
    "W5": ([784, 1024, 1024, 10], "relu", "softmax", "cross-entropy", 128, "adam 0.001 0.9 0.999 1e-8", 1),
    "W6": ([64] * 33, "tanh", "tanh", "half-squared-error", 64, "sgd 0.01", 1),
}


def table(name):
    """Features of a sample file as float64, and its classes as one-hot rows."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", name)) as f:
        rows = list(csv.reader(f))[1:]
    names = sorted({row[-1] for row in rows})
    return np.array([row[:-1] for row in rows], float), np.eye(len(names))[[names.index(row[-1]) for row in rows]]


def data(name):
    rng = np.random.default_rng(7)
    if name in ("W1", "W2"):
        x, y = table("iris.csv")
        order = rng.permutation(len(x))
        x, y = ((x - x.mean(0)) / x.std(0))[order], y[order]
    elif name == "W3":
        x, y = table("digits.csv")
        x = x / 16
    elif name in ("W4", "W5"):
        rows = 60000 if name == "W4" else 15360
        x = rng.random((rows, 784), dtype=np.float32)
        y = np.eye(10, dtype=np.float32)[rng.integers(0, 10, rows)]
    else:
        x = rng.standard_normal((6400, 64))
        y = np.tanh(rng.standard_normal((6400, 64)))
    batch = WORKLOADS[name][4]
    whole = len(x) // batch * batch
    return x[:whole], y[:whole]


def first_weights(name):
    """Glorot uniform, drawn as [in x out]; biases 0."""
    rng = np.random.default_rng(11)
    for n_in, n_out in zip(WORKLOADS[name][0], WORKLOADS[name][0][1:]):
        bound = (6.0 / (n_in + n_out)) ** 0.5
        yield rng.uniform(-bound, bound, (n_in, n_out)).T
        yield np.zeros(n_out)


def export(folder, name):
    sizes, hidden, output, loss, batch, rule, epochs = WORKLOADS[name]
    x, y = data(name)
    with open(os.path.join(folder, name + ".txt"), "w") as f:
        print("sizes", *sizes, file=f)
        print("activations", *[hidden] * (len(sizes) - 2), output, file=f)
        print("loss", loss, file=f)
        print("optimizer", rule, file=f)
        print("batch", batch, file=f)
        print("rows", len(x), file=f)
        print("epochs", epochs, file=f)
    with open(os.path.join(folder, name + ".bin"), "wb") as f:
        for array in [x, y, *first_weights(name)]:
            f.write(np.ascontiguousarray(array, "<f4").tobytes())


os.makedirs(sys.argv[1], exist_ok=True)
for name in sys.argv[2:] or WORKLOADS:
    export(sys.argv[1], name)
