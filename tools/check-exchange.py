"""The other side of tools/check-exchange: opens what bpreg exports, and predicts the same.

    check-exchange.py BPREG FOLDER

Trains small networks on tools/data with BPREG, in FOLDER, exports each, and compares what other programs predict of all
rows, the test split's among them, with what bpreg predicts: classes equal, numbers within 1e-5.
"""

import csv
import json
import subprocess
import sys

import numpy as np

TOLERANCE = 1e-5
DATA = "tools/data"


def bpreg(*words):
    """Runs bpreg and returns what it prints."""
    command = [BPREG, *map(str, words)]
    if words[0] not in ("inspect",):
        command += ["--registry", f"{FOLDER}/exchange.sqlite"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"error: {' '.join(command)}\n{done.stderr}")
    return done.stdout


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def inputs_of(rows, inputs):
    """The matrix that the inputs named in an export make of rows: numbers as they are, 1 or 0 for a category."""
    columns = [
        [float(row[i["name"]] == i["category"]) if "category" in i else float(row[i["name"]]) for row in rows]
        for i in inputs
    ]
    return np.array(columns, dtype=np.float32).T


class Case:
    """A trained model, and what bpreg predicts of each row of its data."""

    def __init__(self, name, data, *options):
        self.name, self.data = name, data
        options = ["--epochs", 15, "--threads", 1, *options]
        bpreg("train", data, "--model", name, *options)
        self.rows = rows_of(data)
        table = list(csv.DictReader(bpreg("predict", name, data).splitlines()))
        self.predictions = [row["prediction"] for row in table]
        names = [key for key in table[0] if key.startswith("probability_")]
        self.classes = [key.removeprefix("probability_") for key in names]
        self.probabilities = np.array([[float(row[key]) for key in names] for row in table])

    def compare(self, kind, labels, numbers):
        """Fails unless classes are equal and numbers near: probabilities, or predictions of a regression."""
        if self.classes:
            wrong = sum(self.classes[i] != own for i, own in zip(labels, self.predictions))
            own = self.probabilities
        else:
            wrong, own = 0, np.array([float(text) for text in self.predictions])
        worst = np.max(np.abs(np.asarray(numbers).reshape(own.shape) - own) / np.maximum(1, np.abs(own)))
        if wrong or not worst <= TOLERANCE:
            raise SystemExit(f"error: {self.name}, {kind}: {wrong} classes differ, numbers by up to {worst:.2g}")
        print(f"{self.name:<24} {kind:<34} {len(self.rows):>5} rows, differs by up to {worst:.1e}")


# --- What bpreg exports ---------------------------------------------------------------------------------------------


def onnx_session(path):
    import onnx
    import onnxruntime

    onnx.checker.check_model(onnx.load(path), full_check=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def check_onnx(case):
    path = f"{FOLDER}/{case.name}.onnx"
    bpreg("export", case.name, "-o", path)
    session = onnx_session(path)
    about = session.get_modelmeta().custom_metadata_map
    inputs = inputs_of(case.rows, json.loads(about["inputs"]))
    if case.classes:
        assert json.loads(about["classes"]) == case.classes
        label, probabilities = session.run(["label", "probabilities"], {"input": inputs})
        case.compare("onnx in onnxruntime", label, probabilities)
    else:
        (prediction,) = session.run(["prediction"], {"input": inputs})
        case.compare("onnx in onnxruntime", None, prediction)


def activate(name, z):
    match name:
        case "identity":
            return z
        case "sigmoid":
            return 1 / (1 + np.exp(-z))
        case "tanh":
            return np.tanh(z)
        case "relu":
            return np.maximum(z, 0)
        case "softmax":
            e = np.exp(z - z.max(axis=1, keepdims=True))
            return e / e.sum(axis=1, keepdims=True)
    raise SystemExit(f"error: the activation {name}")


def forward(x, layers, mean, deviation):
    """(x − mean) / deviation, 0 where a column was constant, then the layers of (weight, bias, activation)."""
    varies = deviation > 0
    a = np.where(varies, (x - mean) / np.where(varies, deviation, 1), 0).astype(np.float32)
    for weight, bias, activation in layers:
        a = activate(activation, a @ weight.T + bias)
    return a


def finish(case, kind, outputs, scale):
    """Compares what a forward pass gave."""
    if not case.classes:
        return case.compare(kind, None, outputs[:, 0] * scale[1] + scale[0])
    if outputs.shape[1] == 1:
        outputs = np.concatenate([1 - outputs, outputs], axis=1)
    case.compare(kind, outputs.argmax(axis=1), outputs)


def check_json(case):
    path = f"{FOLDER}/{case.name}.json"
    bpreg("export", case.name, "-o", path)
    with open(path) as file:
        model = json.load(file)
    layers = [
        (np.array(l["weight"], np.float32), np.array(l["bias"], np.float32), l["activation"]) for l in model["layers"]
    ]
    mean = np.array([i.get("mean", 0) for i in model["inputs"]], np.float32)
    deviation = np.array([i.get("deviation", 1) for i in model["inputs"]], np.float32)
    scale = (model["output"]["mean"], model["output"]["deviation"]) if "output" in model else None
    x = inputs_of(case.rows, model["inputs"])
    finish(case, "json in NumPy", forward(x, layers, mean, deviation), scale)


def check_tensors(case):
    from safetensors import safe_open

    path = f"{FOLDER}/{case.name}.safetensors"
    bpreg("export", case.name, "-o", path)
    with safe_open(path, framework="numpy") as file:
        check_named(case, "safetensors in NumPy", {k: file.get_tensor(k) for k in file.keys()}, file.metadata())
    path = f"{FOLDER}/{case.name}.npz"
    bpreg("export", case.name, "-o", path)
    with np.load(path, allow_pickle=False) as file:
        texts = {k: str(file[k]) for k in file.files if file[k].dtype.kind == "U"}
        check_named(case, "npz in NumPy", {k: file[k] for k in file.files if k not in texts}, texts)


def check_named(case, kind, tensors, texts):
    layers = [
        (tensors[f"layer{i + 1}.weight"], tensors[f"layer{i + 1}.bias"], activation)
        for i, activation in enumerate(json.loads(texts["activations"]))
    ]
    scale = (tensors["output.mean"], tensors["output.deviation"]) if "output.mean" in tensors else None
    x = inputs_of(case.rows, json.loads(texts["inputs"]))
    finish(case, kind, forward(x, layers, tensors["input.mean"], tensors["input.deviation"]), scale)


def cases():
    iris, cancer, digits = f"{DATA}/iris.csv", f"{DATA}/breast_cancer.csv", f"{DATA}/digits.csv"
    yield Case("iris", iris, "--target", "species")
    for hidden in ("relu", "sigmoid", "identity"):
        yield Case(f"iris-{hidden}", iris, "--target", "species", "--hidden", "8,8", "--activation", hidden)
    for output in ("sigmoid", "tanh", "relu", "identity"):
        loss = "cross-entropy" if output == "sigmoid" else "half-squared-error"
        yield Case(
            f"iris-to-{output}", iris, "--target", "species", "--output-activation", output, "--loss", loss)
    yield Case("iris-to-softmax-squared", iris, "--target", "species", "--loss", "half-squared-error")
    yield Case("iris-no-hidden", iris, "--target", "species", "--hidden", "none")
    yield Case("cancer", cancer, "--target", "diagnosis")
    yield Case("cancer-one-output", cancer, "--target", "diagnosis", "--output-activation", "sigmoid")
    yield Case("digits", digits, "--target", "digit", "--hidden", "64,32", "--activation", "relu")
    # A regression, from numbers and a category.
    yield Case("petals", iris, "--target", "petal_width", "--task", "regression")
    yield Case("petals-tanh", iris, "--target", "petal_width", "--task", "regression", "--output-activation", "tanh")


def main():
    for case in cases():
        check_onnx(case)
        check_json(case)
        check_tensors(case)


BPREG, FOLDER = sys.argv[1:]
main()
