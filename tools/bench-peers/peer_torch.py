"""PyTorch: nn.Sequential with the fused optimizer, the usual loop."""
import torch
from torch import nn

from turns import some_batches, take_turns, threads, workload as w

torch.set_num_threads(threads)
functions = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU}
modules = []
for index, (weights, bias) in enumerate(w.layers):
    layer = nn.Linear(weights.shape[1], weights.shape[0])
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(weights.copy()))
        layer.bias.copy_(torch.from_numpy(bias.copy()))
    name = w.hidden if index + 1 < len(w.layers) else w.output
    modules += [layer] + ([functions[name]()] if name in functions else [])
model = nn.Sequential(*modules)
rate = w.numbers[0]
if w.rule == "adam":
    optimizer = torch.optim.Adam(model.parameters(), rate, tuple(w.numbers[1:3]), w.numbers[3], fused=True)
else:
    optimizer = torch.optim.SGD(
        model.parameters(), rate, momentum=w.numbers[1] if w.rule == "momentum" else 0, fused=True)
classes = w.loss == "cross-entropy"
batches = [
    (torch.from_numpy(x.copy()), torch.from_numpy(t.argmax(1) if classes else t.copy())) for x, t in some_batches()]


def one_pass():
    for _ in range(w.epochs):
        for x, t in batches:
            optimizer.zero_grad(set_to_none=True)
            y = model(x)
            loss = nn.functional.cross_entropy(y, t) if classes else 0.5 * ((y - t) ** 2).sum() / w.batch
            loss.backward()
            optimizer.step()


comparable = len(batches) == len(w.batches)
take_turns(
    one_pass, w.epochs * len(batches),
    (lambda rows: model(torch.from_numpy(rows.copy())).detach().numpy()) if comparable else None)
