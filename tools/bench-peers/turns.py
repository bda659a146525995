"""What the peers in Python share: the workload of the command line, and timing in turns.

    peer_X.py FOLDER WORKLOAD THREADS SECONDS

After loading and compiling, a peer prints `ready` and its loss over the first 1,280 rows after the first pass, or `skip`
and the reason. Then it answers each line of standard input with the microseconds that a step took on average.
"""
import sys
import time

import numpy as np


class Workload:
    def __init__(self, folder, name):
        with open(f"{folder}/{name}.txt") as f:
            settings = {line.split()[0]: line.split()[1:] for line in f}
        self.sizes = [int(n) for n in settings["sizes"]]
        activations = settings["activations"]
        self.hidden, self.output = activations[0], activations[-1]
        self.loss = settings["loss"][0]
        self.rule, self.numbers = settings["optimizer"][0], [float(n) for n in settings["optimizer"][1:]]
        self.batch, self.rows, self.epochs = (int(settings[key][0]) for key in ("batch", "rows", "epochs"))
        numbers, at = np.fromfile(f"{folder}/{name}.bin", "<f4"), 0

        def take(*shape):
            nonlocal at
            at += int(np.prod(shape))
            return numbers[at - int(np.prod(shape)) : at].reshape(shape)

        self.inputs = take(self.rows, self.sizes[0])
        self.targets = take(self.rows, self.sizes[-1])
        self.layers = [(take(o, i), take(o)) for i, o in zip(self.sizes, self.sizes[1:])]

    @property
    def batches(self):
        """The pairs of inputs and targets of an epoch."""
        starts = range(0, self.rows, self.batch)
        return [(self.inputs[s : s + self.batch], self.targets[s : s + self.batch]) for s in starts]

    def check(self, outputs):
        """The loss over the first rows; `outputs` gives the values before a softmax."""
        y = np.asarray(outputs(self.inputs[:1280]), np.float64)
        t = self.targets[:1280]
        if self.loss == "half-squared-error":
            return 0.5 * ((y - t) ** 2).sum(1).mean()
        y = y - y.max(1, keepdims=True)
        return (np.log(np.exp(y).sum(1)) - (y * t).sum(1)).mean()


workload = Workload(sys.argv[1], sys.argv[2]) if len(sys.argv) == 5 else sys.exit(__doc__)
threads, seconds = int(sys.argv[3]), float(sys.argv[4])


def take_turns(one_pass, steps, outputs=None):
    """`one_pass()` trains `steps` steps and returns when they are done."""
    one_pass()
    print("ready", "" if outputs is None else workload.check(outputs), flush=True)
    start = time.perf_counter()
    one_pass()
    passes = max(1, round(seconds / (time.perf_counter() - start)))
    for _ in sys.stdin:
        start = time.perf_counter()
        for _ in range(passes):
            one_pass()
        print((time.perf_counter() - start) / (passes * steps) * 1e6, flush=True)


def some_batches(most=2000):
    """An epoch's batches, or for slow peers the first of them: the rate is the same."""
    return workload.batches[:most]


def skip(reason):
    print("skip", reason, flush=True)
    sys.exit()
