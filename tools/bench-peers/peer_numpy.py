"""Backpropagation written out in NumPy, in place where NumPy can."""
import numpy as np

from turns import some_batches, take_turns, workload as w

f32 = np.float32
rate = f32(w.numbers[0])
layers = [(weights.T.copy(), bias.copy()) for weights, bias in w.layers]
first = [tuple(np.zeros_like(p) for p in layer) for layer in layers]
second = [tuple(np.zeros_like(p) for p in layer) for layer in layers]
count = 0


def activate(name, z):
    if name == "sigmoid":
        np.negative(z, out=z)
        np.exp(z, out=z)
        z += f32(1)
        return np.reciprocal(z, out=z)
    if name == "tanh":
        return np.tanh(z, out=z)
    return np.maximum(z, f32(0), out=z) if name == "relu" else z


def times_slope(name, d, a):
    if name == "sigmoid":
        d *= a * (f32(1) - a)
    elif name == "tanh":
        d *= f32(1) - a * a
    elif name == "relu":
        d *= a > 0
    return d


def forward(x):
    values = [x]
    for index, (weights, bias) in enumerate(layers):
        z = values[-1] @ weights
        z += bias
        values.append(activate(w.hidden if index + 1 < len(layers) else w.output, z))
    return values


def update(p, g, v, s):
    if w.rule == "adam":
        _, beta1, beta2, epsilon = w.numbers
        v *= f32(beta1)
        v += f32(1 - beta1) * g
        s *= f32(beta2)
        g *= g
        g *= f32(1 - beta2)
        s += g
        divisor = np.sqrt(s * f32(1 / (1 - beta2**count)))
        divisor += f32(epsilon)
        np.divide(v, divisor, out=divisor)
        divisor *= f32(w.numbers[0] / (1 - beta1**count))
        p -= divisor
    elif w.rule == "momentum":
        v *= f32(w.numbers[1])
        v += g
        p -= rate * v
    else:
        g *= rate
        p -= g


def step(x, t):
    global count
    count += 1
    values = forward(x)
    y = values[-1]
    if w.loss == "cross-entropy":
        d = np.exp(y - y.max(1, keepdims=True))
        d /= d.sum(1, keepdims=True)
        d -= t
    else:
        d = times_slope(w.output, y - t, y)
    d *= f32(1 / len(x))
    for index in reversed(range(len(layers))):
        weights, bias = layers[index]
        gradient = values[index].T @ d, d.sum(0)
        if index > 0:
            d = times_slope(w.hidden, d @ weights.T, values[index])
        for part in range(2):
            update(layers[index][part], gradient[part], first[index][part], second[index][part])


batches = some_batches()


def one_pass():
    for _ in range(w.epochs):
        for x, t in batches:
            step(x, t)


comparable = len(batches) == len(w.batches)
take_turns(one_pass, w.epochs * len(batches), (lambda rows: forward(rows)[-1]) if comparable else None)
