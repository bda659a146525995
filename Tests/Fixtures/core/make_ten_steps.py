#!/usr/bin/env python3
"""Writes ten_steps.txt: ten updates by each rule on small networks, computed in float64 by NumPy from the equations of
THEORY (rows 1-8, 13, 14, 18, 20), independently of bpreg's code. Run it in this folder.

A case is a line "case RULE LOSS BATCH ROWS", "sizes ...", "activations ...", "rule NUMBERS ...", then lines of numbers:
inputs and targets [rows x width], parameters before and after in canonical order (layer by layer W row-major
[n_out x n_in], then b), and the loss of each step. Rows are taken in order, the last batch of a pass is short.
"""
import numpy as np

rng = np.random.default_rng(2024)
CASES = [
    ([3, 4, 2], ["sigmoid", "sigmoid"], "half-squared-error"),
    ([4, 6, 3], ["tanh", "softmax"], "cross-entropy"),
    ([5, 17, 16, 1], ["relu", "tanh", "sigmoid"], "cross-entropy"),
    ([2, 5, 18], ["relu", "identity"], "half-squared-error"),
    ([3, 5, 4], ["identity", "softmax"], "half-squared-error"),
]
RULES = [("sgd", [0.1]), ("momentum", [0.05, 0.9]), ("adam", [0.01, 0.9, 0.999, 1e-8])]
ROWS, BATCH, STEPS = 7, 4, 10


def f(kind, z):
    if kind == "identity":
        return z
    if kind == "sigmoid":
        return 1 / (1 + np.exp(-z))
    if kind == "tanh":
        return np.tanh(z)
    if kind == "relu":
        return np.where(z > 0, z, 0)
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def times_slope(kind, g, a):
    if kind == "identity":
        return g
    if kind == "sigmoid":
        return g * a * (1 - a)
    if kind == "tanh":
        return g * (1 - a * a)
    if kind == "relu":
        return g * (a > 0)
    return a * (g - (g * a).sum(1, keepdims=True))


def loss_and_gradient(layers, kinds, loss, x, y):
    activations, z = [x], None
    for (W, b), kind in zip(layers, kinds):
        z = activations[-1] @ W.T + b
        activations.append(f(kind, z))
    o = activations[-1]
    if loss == "half-squared-error":
        J = 0.5 * ((y - o) ** 2).sum(1)
        delta = times_slope(kinds[-1], o - y, o)
    else:
        if kinds[-1] == "softmax":
            J = np.log(np.exp(z).sum(1)) - (y * z).sum(1)
        else:
            J = (np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))).sum(1)
        delta = o - y
    gradient = []
    for l in range(len(layers) - 1, -1, -1):
        gradient.insert(0, [delta.T @ activations[l] / len(x), delta.mean(0)])
        if l:
            delta = times_slope(kinds[l - 1], delta @ layers[l][0], activations[l])
    return J.mean(), gradient


def update(rule, numbers, t, w, g, slots):
    if rule == "sgd":
        return w - numbers[0] * g
    if rule == "momentum":
        slots[0][:] = numbers[1] * slots[0] + g
        return w - numbers[0] * slots[0]
    rate, beta1, beta2, epsilon = numbers
    slots[0][:] = beta1 * slots[0] + (1 - beta1) * g
    slots[1][:] = beta2 * slots[1] + (1 - beta2) * g * g
    m, v = slots[0] / (1 - beta1**t), slots[1] / (1 - beta2**t)
    return w - rate * m / (np.sqrt(v) + epsilon)


def line(f, values):
    print(*[repr(float(v)) for v in np.asarray(values).ravel()], file=f)


def short(f, values):
    """Values that are float32, by the fewest digits that read back as them."""
    print(*[str(np.float32(v)) for v in np.asarray(values).ravel()], file=f)


def flat(layers):
    return np.concatenate([part.ravel() for layer in layers for part in layer])


with open("ten_steps.txt", "w") as out:
    for sizes, kinds, loss in CASES:
        for rule, numbers in RULES:
            single = lambda a: a.astype(np.float32).astype(np.float64)
            x = single(rng.uniform(-1, 1, (ROWS, sizes[0])))
            y = rng.uniform(0, 1, (ROWS, sizes[-1]))
            if kinds[-1] == "softmax":
                y = np.eye(sizes[-1])[rng.integers(0, sizes[-1], ROWS)]
            y = single(y)
            layers = [[single(rng.uniform(-1, 1, (o, i))), single(rng.uniform(-1, 1, o))] for i, o in zip(sizes, sizes[1:])]
            print("case", rule, loss, BATCH, ROWS, file=out)
            print("sizes", *sizes, file=out)
            print("activations", *kinds, file=out)
            print("rule", *numbers, file=out)
            short(out, x)
            short(out, y)
            short(out, flat(layers))
            slots = [[[np.zeros_like(p) for p in layer] for layer in layers] for _ in range(2)]
            losses, first = [], 0
            for t in range(1, STEPS + 1):
                J, gradient = loss_and_gradient(layers, kinds, loss, x[first : first + BATCH], y[first : first + BATCH])
                losses.append(J)
                layers = [
                    [
                        update(rule, numbers, t, layers[l][p], gradient[l][p], [slots[0][l][p], slots[1][l][p]])
                        for p in range(2)
                    ]
                    for l in range(len(layers))
                ]
                first = first + BATCH if first + BATCH < ROWS else 0
            line(out, flat(layers))
            line(out, losses)
