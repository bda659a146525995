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
    return np.array(columns, dtype=np.float64).T


def front_of(table):
    """How the names of a classification's numbers begin: outputs that are no probabilities are called so."""
    fronts = ("probability_", "output_")
    return next((front for front in fronts if any(key.startswith(front) for key in table[0])), "")


class Case:
    """A trained model, and what bpreg predicts of each row of its data."""

    def __init__(self, name, data, *options):
        self.name, self.data = name, data
        # Whether a column is so far from 0 that float32 loses what distinguishes its values.
        self.is_far = name.startswith("seconds")
        options = ["--threads", 1, *([] if "--epochs" in options else ["--epochs", 15]), *options]
        bpreg("train", data, "--model", name, *options)
        self.rows = rows_of(data)
        table = list(csv.DictReader(bpreg("predict", name, data).splitlines()))
        self.predictions = [row["prediction"] for row in table]
        front = front_of(table)
        names = [key for key in table[0] if front and key.startswith(front)]
        self.classes = [key.removeprefix(front) for key in names]
        self.probabilities = np.array([[float(row[key]) for key in names] for row in table])

    def compare(self, kind, labels, numbers):
        """Fails unless classes are equal and numbers near: probabilities, or predictions of a regression."""
        if self.classes:
            wrong = sum(self.classes[i] != own for i, own in zip(labels, self.predictions))
            own = self.probabilities
        else:
            wrong, own = 0, np.array([float(text) for text in self.predictions])
        # Of a regression in units of what varies, so that a target far from 0 is compared as closely as others.
        unit = np.maximum(1, np.abs(own - own.mean())) if not self.classes else 1
        worst = np.max(np.abs(np.asarray(numbers).reshape(own.shape) - own) / unit)
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
    # float64 if float32 would round away what the means leave.
    kind = session.get_inputs()[0].type
    assert (kind == "tensor(double)") == case.is_far, f"{case.name}: the input is {kind}"
    inputs = inputs_of(case.rows, json.loads(about["inputs"])).astype(np.float64 if case.is_far else np.float32)
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
        # The mean is added in float64, as bpreg does.
        mean, deviation = (np.float64(number.item() if hasattr(number, "item") else number) for number in scale)
        return case.compare(kind, None, outputs[:, 0].astype(np.float64) * deviation + mean)
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


def check_archive(case):
    """An archive is a safetensors file too, with the layers as an export has them."""
    from safetensors import safe_open

    path = f"{FOLDER}/{case.name}.archive.safetensors"
    bpreg("archive", case.name, "-o", path)
    export = f"{FOLDER}/{case.name}.safetensors"
    with safe_open(path, framework="numpy") as archive, safe_open(export, framework="numpy") as exported:
        names = [name for name in exported.keys() if name.startswith("layer")]
        for name in names:
            if not np.array_equal(archive.get_tensor(name), exported.get_tensor(name)):
                raise SystemExit(f"error: {case.name}: {name} is another one in the archive")
        print(f"{case.name:<24} {'archive in safetensors':<34} {len(names):>5} tensors, the same")


# --- What bpreg imports ---------------------------------------------------------------------------------------------


def check_import(name, file, data, rows, expected, classes, *options):
    """Imports a file, and compares what bpreg predicts with what the program that wrote it does."""
    bpreg("import", file, "--data", data, "--model", name, *options)
    table = list(csv.DictReader(bpreg("predict", name, data).splitlines()))
    if classes:
        own = np.array([[float(row[front_of(table) + c]) for c in classes] for row in table])
        wrong = sum(classes[i] != row["prediction"] for i, row in zip(expected.argmax(axis=1), table))
    else:
        own, wrong = np.array([[float(row["prediction"])] for row in table]), 0
    worst = np.max(np.abs(expected - own) / np.maximum(1, np.abs(expected)))
    if wrong or not worst <= TOLERANCE:
        raise SystemExit(f"error: {name}, imported: {wrong} classes differ, numbers by up to {worst:.2g}")
    bpreg("verify")
    print(f"{name:<24} {'imported from ' + file.rsplit('.')[-1]:<34} {len(rows):>5} rows, differs by up to {worst:.1e}")


def random_layers(sizes, seed):
    """Weights [n_out, n_in] and biases, as another program might have trained them."""
    random = np.random.default_rng(seed)
    return [
        (random.normal(0, 1 / np.sqrt(i), (o, i)).astype(np.float32), random.normal(0, 0.1, o).astype(np.float32))
        for i, o in zip(sizes, sizes[1:])
    ]


def check_imports():
    from safetensors.numpy import save_file

    def outputs(x, layers, hidden, last):
        names = [hidden] * (len(layers) - 1) + [last]
        plain = np.zeros(x.shape[1], np.float32), np.ones(x.shape[1], np.float32)
        return forward(x, [(w, b, name) for (w, b), name in zip(layers, names)], *plain)

    iris, digits = f"{DATA}/iris.csv", f"{DATA}/digits.csv"
    rows = rows_of(iris)
    x = np.array([[float(v) for k, v in row.items() if k != "species"] for row in rows], np.float32)
    species = sorted({row["species"] for row in rows})
    told = "--target", "species", "--activation", "relu", "--scaling", "none"
    layers = random_layers([4, 16, 8, 3], 1)
    expected = outputs(x, layers, "relu", "softmax")

    # A PyTorch state_dict: nn.Sequential(Linear, ReLU, Linear, ReLU, Linear), weights [out, in].
    state = {f"{2 * i}.{part}": t for i, l in enumerate(layers) for part, t in zip(("weight", "bias"), l)}
    save_file(state, f"{FOLDER}/torch.safetensors")
    check_import("torch", f"{FOLDER}/torch.safetensors", iris, rows, expected, species, *told)
    save_file({k: t.astype(np.float64) for k, t in state.items()}, f"{FOLDER}/double.safetensors")
    check_import("torch-float64", f"{FOLDER}/double.safetensors", iris, rows, expected, species, *told)
    halves = [(w.astype(np.float16), b.astype(np.float16)) for w, b in layers]
    half = {f"{2 * i}.{part}": t for i, l in enumerate(halves) for part, t in zip(("weight", "bias"), l)}
    save_file(half, f"{FOLDER}/half.safetensors")
    widened = [(w.astype(np.float32), b.astype(np.float32)) for w, b in halves]
    expected_half = outputs(x, widened, "relu", "softmax")
    check_import("torch-float16", f"{FOLDER}/half.safetensors", iris, rows, expected_half, species, *told)

    # Layers with names that tell no order: shapes do.
    names = ["embed", "mix", "classify"]
    state = {f"{n}.{part}": t for n, l in zip(names, layers) for part, t in zip(("weight", "bias"), l)}
    save_file(state, f"{FOLDER}/named.safetensors")
    check_import("torch-named", f"{FOLDER}/named.safetensors", iris, rows, expected, species, *told)

    # Keras: kernels [in, out].
    dense = ["dense", "dense_1", "dense_2"]
    keras = {}
    for n, (w, b) in zip(dense, layers):
        keras |= {f"layers/{n}/vars/0": np.ascontiguousarray(w.T), f"layers/{n}/vars/1": b}
    save_file(keras, f"{FOLDER}/keras.safetensors")
    check_import("keras", f"{FOLDER}/keras.safetensors", iris, rows, expected, species, *told)
    np.savez_compressed(f"{FOLDER}/kernels.npz", **{k: np.asfortranarray(t) for k, t in keras.items()})
    check_import("keras-npz", f"{FOLDER}/kernels.npz", iris, rows, expected, species, *told)
    np.savez(f"{FOLDER}/list.npz", *[t for w, b in layers for t in (w.T, b)])
    check_import("get-weights", f"{FOLDER}/list.npz", iris, rows, expected, species, *told)
    sklearn = {f"coefs_{i}": w.T for i, (w, _) in enumerate(layers)}
    sklearn |= {f"intercepts_{i}": b for i, (_, b) in enumerate(layers)}
    np.savez(f"{FOLDER}/sklearn.npz", **sklearn)
    check_import("sklearn", f"{FOLDER}/sklearn.npz", iris, rows, expected, species, *told)

    # With the scaling that the other program used beside the weights.
    mean, deviation = x.mean(axis=0), x.std(axis=0)
    scaled = outputs((x - mean) / deviation, layers, "relu", "softmax")
    state = {f"fc{i + 1}.{part}": t for i, l in enumerate(layers) for part, t in zip(("weight", "bias"), l)}
    save_file(state | {"input.mean": mean, "input.deviation": deviation}, f"{FOLDER}/scaled.safetensors")
    check_import(
        "torch-scaled", f"{FOLDER}/scaled.safetensors", iris, rows, scaled, species, *told[:4])

    # A regression, and digits with their numbers as classes.
    layers = random_layers([3, 8, 1], 2)
    x = np.array([[float(row[k]) for k in ("sepal_length", "sepal_width", "petal_length")] for row in rows], np.float32)
    state = {f"fc{i + 1}.{part}": t for i, l in enumerate(layers) for part, t in zip(("weight", "bias"), l)}
    save_file(state, f"{FOLDER}/regression.safetensors")
    check_import(
        "torch-regression", f"{FOLDER}/regression.safetensors", iris, rows, outputs(x, layers, "tanh", "identity"),
        None, "--target", "petal_width", "--task", "regression", "--ignore", "species", "--activation", "tanh",
        "--scaling", "none")
    rows = rows_of(digits)
    x = np.array([[float(v) for k, v in row.items() if k != "digit"] for row in rows], np.float32)
    layers = random_layers([64, 32, 10], 3)
    state = {f"model.{i}.{part}": t for i, l in enumerate(layers) for part, t in zip(("weight", "bias"), l)}
    save_file(state, f"{FOLDER}/digits.safetensors")
    check_import(
        "torch-digits", f"{FOLDER}/digits.safetensors", digits, rows, outputs(x, layers, "sigmoid", "softmax"),
        [str(i) for i in range(10)], "--target", "digit", "--activation", "sigmoid", "--scaling", "none")
    check_torch(iris)


def check_torch(iris):
    """The same with PyTorch itself, where it is there."""
    try:
        import torch
        from safetensors.torch import save_file
    except ImportError:
        print("PyTorch itself: SKIPPED, it is not installed (PyPI's for Linux takes gigabytes); its names and layout were")
        return
    torch.manual_seed(1)
    net = torch.nn.Sequential(torch.nn.Linear(4, 12), torch.nn.Tanh(), torch.nn.Linear(12, 3))
    rows = rows_of(iris)
    x = torch.tensor([[float(v) for k, v in row.items() if k != "species"] for row in rows])
    save_file(net.state_dict(), f"{FOLDER}/pytorch.safetensors")
    expected = torch.softmax(net(x), dim=1).detach().numpy()
    check_import(
        "pytorch", f"{FOLDER}/pytorch.safetensors", iris, rows, expected, sorted({row["species"] for row in rows}),
        "--target", "species", "--activation", "tanh", "--scaling", "none")


def check_return(case):
    """An export is imported again, and predicts the same to the bit."""
    own = bpreg("predict", case.name, case.data)
    for kind in ("safetensors", "npz"):
        bpreg("import", f"{FOLDER}/{case.name}.{kind}", "--data", case.data, "--model", f"{case.name}-again")
        if bpreg("predict", f"{case.name}-again", case.data) != own:
            raise SystemExit(f"error: {case.name}, exported as {kind} and imported again, predicts otherwise")


def write_seconds(path):
    """Unix seconds within a day, whether it is working time, and seconds some time later."""
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["time", "open", "later"])
        for row in range(400):
            second = 1_700_000_000 + row * 7919 % 86_400 + row % 4 / 4
            hour = (second - 1_699_999_200) / 3600 % 24
            out.writerow([second, "yes" if 9 < hour < 17 else "no", second + 600 * (row % 5)])


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
    # Columns and a target of which float32 keeps minutes.
    seconds = f"{FOLDER}/seconds.csv"
    write_seconds(seconds)
    yield Case("seconds", seconds, "--target", "open", "--ignore", "later", "--epochs", 60, "--learning-rate", 0.5)
    yield Case("seconds-later", seconds, "--target", "later", "--ignore", "open")


def main():
    for case in cases():
        check_onnx(case)
        check_json(case)
        check_tensors(case)
        check_return(case)
        check_archive(case)
    check_imports()


BPREG, FOLDER = sys.argv[1:]
main()
