#!/usr/bin/env python3
"""The workloads of `tools/bench`: for every library the same numbers. Python alone is enough.

    tools/bench-workloads.py FOLDER [NAME ...]

Each workload becomes NAME.txt, its settings, and NAME.bin, little-endian float32: inputs, targets, then W (row-major
[n_out x n_in]) and b of each layer. Rows are not shuffled; an incomplete last batch is left out.
"""
import csv
import math
import os
import random
import sys
from array import array

#        sizes, hidden and output activation, loss, batch, rule, epochs in one pass, rows (None: a sample file's)
WORKLOADS = {
    "T0": ([2, 3, 2], "sigmoid", "sigmoid", "half-squared-error", 1, "sgd 0.5", 1, 1000),
    "T1": ([2, 4, 1], "sigmoid", "sigmoid", "half-squared-error", 1, "sgd 0.5", 1, 1000),
    "T2": ([2, 4, 1], "sigmoid", "sigmoid", "half-squared-error", 1, "sgd 0.5", 1, 40000),
    "T3": ([2, 4, 1], "sigmoid", "sigmoid", "half-squared-error", 1, "sgd 0.5", 1000, 4),
    "W1": ([4, 8, 3], "sigmoid", "sigmoid", "half-squared-error", 1, "sgd 0.1", 1, None),
    "W2": ([4, 8, 3], "sigmoid", "sigmoid", "half-squared-error", 150, "sgd 0.1", 100, None),
    "W3": ([64, 32, 10], "sigmoid", "sigmoid", "half-squared-error", 32, "sgd 0.5", 1, None),
    "W4": ([784, 128, 10], "relu", "softmax", "cross-entropy", 64, "momentum 0.01 0.9", 1, 60000),
    "W5": ([784, 1024, 1024, 10], "relu", "softmax", "cross-entropy", 128, "adam 0.001 0.9 0.999 1e-8", 1, 15360),
    "W6": ([64] * 33, "tanh", "tanh", "half-squared-error", 64, "sgd 0.01", 1, 6400),
    "H1": ([30, 64, 32, 2], "relu", "softmax", "cross-entropy", 16, "momentum 0.01 0.9", 1, 11200),
    "H2": ([256, 512, 256, 10], "relu", "softmax", "cross-entropy", 100, "adam 0.001 0.9 0.999 1e-8", 1, 6000),
    "H4": ([13, 64, 64, 1], "tanh", "identity", "half-squared-error", 32, "adam 0.001 0.9 0.999 1e-8", 1, 9600),
}


def one_hot(chosen, width):
    return [[float(i == k) for i in range(width)] for k in chosen]


def table(name):
    """Features of a sample file, and its classes as one-hot rows."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", name)) as f:
        rows = list(csv.reader(f))[1:]
    names = sorted({row[-1] for row in rows})
    return [[float(x) for x in row[:-1]] for row in rows], one_hot([names.index(r[-1]) for r in rows], len(names))


def standardized(rows):
    columns = []
    for column in zip(*rows):
        mean = sum(column) / len(column)
        deviation = math.sqrt(sum((x - mean) ** 2 for x in column) / len(column))
        columns.append([(x - mean) / deviation for x in column])
    return [list(row) for row in zip(*columns)]


def data(name):
    """Inputs and targets, as flat arrays."""
    sizes, loss, rows = WORKLOADS[name][0], WORKLOADS[name][3], WORKLOADS[name][7]
    chance = random.Random(7)
    if rows is None:
        x, y = table("digits.csv" if name == "W3" else "iris.csv")
        if name == "W3":
            x = [[value / 16 for value in row] for row in x]
        else:
            x = standardized(x)
            order = list(range(len(x)))
            chance.shuffle(order)
            x, y = [x[i] for i in order], [y[i] for i in order]
        return array("f", (v for row in x for v in row)), array("f", (v for row in y for v in row))
    if sizes[0] == 784:  # pixels
        x = array("f", (chance.random() for _ in range(rows * 784)))
    else:
        x = array("f", (chance.gauss(0, 1) for _ in range(rows * sizes[0])))
    first = [x[i * sizes[0]] for i in range(rows)]
    if name == "T3":
        x = array("f", [-1, -1, -1, 1, 1, -1, 1, 1])
    if name in ("T0", "T1", "T2", "T3"):  # XOR of two signs
        bits = [int((x[2 * i] > 0) != (x[2 * i + 1] > 0)) for i in range(rows)]
        y = [[float(b)] for b in bits] if sizes[-1] == 1 else one_hot(bits, 2)
    elif loss == "cross-entropy":
        y = one_hot([chance.randrange(sizes[-1]) for _ in range(rows)], sizes[-1])
    elif name == "H4":
        y = [[math.sin(v)] for v in first]
    else:
        y = [[math.tanh(chance.gauss(0, 1)) for _ in range(sizes[-1])] for _ in range(rows)]
    return x, array("f", (v for row in y for v in row))


def first_weights(name):
    """Glorot uniform; biases 0."""
    chance = random.Random(11)
    for n_in, n_out in zip(WORKLOADS[name][0], WORKLOADS[name][0][1:]):
        bound = math.sqrt(6 / (n_in + n_out))
        yield array("f", (chance.uniform(-bound, bound) for _ in range(n_in * n_out)))
        yield array("f", [0.0] * n_out)


def export(folder, name):
    sizes, hidden, output, loss, batch, rule, epochs, _ = WORKLOADS[name]
    x, y = data(name)
    rows = len(x) // sizes[0] // batch * batch
    path = os.path.join(folder, name)
    with open(path + ".txt", "w") as f:
        print("sizes", *sizes, file=f)
        print("activations", *[hidden] * (len(sizes) - 2), output, file=f)
        print("loss", loss, file=f)
        print("optimizer", rule, file=f)
        print("batch", batch, file=f)
        print("rows", rows, file=f)
        print("epochs", epochs, file=f)
    # Complete or not there at all.
    with open(path + ".part", "wb") as f:
        for numbers in [x[: rows * sizes[0]], y[: rows * sizes[-1]], *first_weights(name)]:
            if sys.byteorder == "big":
                numbers.byteswap()
            numbers.tofile(f)
    os.replace(path + ".part", path + ".bin")


if __name__ == "__main__":
    os.makedirs(sys.argv[1], exist_ok=True)
    for name in sys.argv[2:] or WORKLOADS:
        export(sys.argv[1], name)
