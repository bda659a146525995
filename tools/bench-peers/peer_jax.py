"""JAX: the steps of a pass as one lax.scan, compiled once. XLA uses as many threads as the process has processors."""
import functools

import jax
import jax.numpy as jnp
import numpy as np

from turns import take_turns, workload as w

functions = {"sigmoid": jax.nn.sigmoid, "tanh": jnp.tanh, "relu": jax.nn.relu}
rate = w.numbers[0]
map_ = jax.tree_util.tree_map


def outputs(layers, x):
    for weights, bias in layers[:-1]:
        x = functions[w.hidden](x @ weights + bias)
    z = x @ layers[-1][0] + layers[-1][1]
    return functions.get(w.output, lambda z: z)(z)


def loss(layers, x, t):
    y = outputs(layers, x)
    if w.loss == "cross-entropy":
        return -(t * jax.nn.log_softmax(y)).sum(1).mean()
    return 0.5 * ((y - t) ** 2).sum() / w.batch


def step(state, rows):
    layers, first, second, count = state
    gradient = jax.grad(loss)(layers, *rows)
    if w.rule == "adam":
        _, beta1, beta2, epsilon = w.numbers
        count += 1
        first = map_(lambda m, g: beta1 * m + (1 - beta1) * g, first, gradient)
        second = map_(lambda v, g: beta2 * v + (1 - beta2) * g * g, second, gradient)
        scale, correction = rate / (1 - beta1**count), 1 / (1 - beta2**count)
        layers = map_(
            lambda p, m, v: p - scale * m / (jnp.sqrt(v * correction) + epsilon), layers, first, second)
    elif w.rule == "momentum":
        first = map_(lambda v, g: w.numbers[1] * v + g, first, gradient)
        layers = map_(lambda p, v: p - rate * v, layers, first)
    else:
        layers = map_(lambda p, g: p - rate * g, layers, gradient)
    return (layers, first, second, count), None


whole = len(w.batches) == 1  # then the same rows every time
x = jnp.asarray(w.inputs.reshape(-1, w.batch, w.sizes[0]))
t = jnp.asarray(w.targets.reshape(-1, w.batch, w.sizes[-1]))
if not whole and w.epochs > 1:
    x, t = (jnp.tile(a, (w.epochs, 1, 1)) for a in (x, t))


@functools.partial(jax.jit, donate_argnums=0)
def scan(state, x, t):
    if whole:
        return jax.lax.scan(lambda s, _: step(s, (x[0], t[0])), state, None, length=w.epochs)[0]
    return jax.lax.scan(step, state, (x, t))[0]


layers = [(jnp.asarray(weights.T), jnp.asarray(bias)) for weights, bias in w.layers]
zeros = map_(jnp.zeros_like, layers)
state = (
    layers, zeros if w.rule != "sgd" else (), map_(jnp.zeros_like, layers) if w.rule == "adam" else (), jnp.float32(0))


def one_pass():
    global state
    state = jax.block_until_ready(scan(state, x, t))


take_turns(one_pass, w.epochs * len(w.batches), lambda rows: np.asarray(outputs(state[0], rows)))
