"""scikit-learn's MLPClassifier and MLPRegressor, `fit` with a warm start. Its first weights are its own, and its
regressor has linear outputs, so its loss is not compared."""
import warnings

from sklearn.neural_network import MLPClassifier, MLPRegressor

from turns import some_batches, take_turns, workload as w

warnings.filterwarnings("ignore")
classes = w.loss == "cross-entropy"
steps = len(some_batches())
inputs, targets = w.inputs[: steps * w.batch], w.targets[: steps * w.batch]
model = (MLPClassifier if classes else MLPRegressor)(
    hidden_layer_sizes=w.sizes[1:-1], activation={"sigmoid": "logistic"}.get(w.hidden, w.hidden),
    solver="adam" if w.rule == "adam" else "sgd", alpha=0, batch_size=w.batch, learning_rate_init=w.numbers[0],
    momentum=w.numbers[1] if w.rule == "momentum" else 0, nesterovs_momentum=False, max_iter=w.epochs, shuffle=False,
    tol=0, n_iter_no_change=10**9, warm_start=True)
answers = targets.argmax(1) if classes else targets if w.sizes[-1] > 1 else targets[:, 0]
take_turns(lambda: model.fit(inputs, answers), w.epochs * steps)
