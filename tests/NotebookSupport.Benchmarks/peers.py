"""One training step in PyTorch or NumPy, timed: ReLU layers, softmax cross-entropy, plain gradient descent, float64.

python3 peers.py {torch,numpy} SIZES BATCH THREADS prints one JSON line: the microseconds of a step in the best of five
blocks, and the files of the BLAS that did the products.
"""

import json
import os
import re
import sys
import time

peer, sizes, batch, threads = sys.argv[1], [int(n) for n in sys.argv[2].split(",")], int(sys.argv[3]), int(sys.argv[4])
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = str(threads)
RATE = 0.01


def torch_step():
    import torch

    torch.set_num_threads(threads)
    torch.set_default_dtype(torch.float64)
    layers = []
    for fan_in, fan_out in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(fan_in, fan_out), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    descent = torch.optim.SGD(model.parameters(), lr=RATE)
    inputs, labels = torch.randn(batch, sizes[0]), torch.randint(sizes[-1], (batch,))
    loss = torch.nn.CrossEntropyLoss()

    def step():
        descent.zero_grad()
        loss(model(inputs), labels).backward()
        descent.step()

    return step


def numpy_step():
    import numpy as np

    draw = np.random.default_rng(1)
    pairs = list(zip(sizes, sizes[1:]))
    weights = [draw.normal(0, (2 / fan_in) ** 0.5, (fan_out, fan_in)) for fan_in, fan_out in pairs]
    biases = [np.zeros((fan_out, 1)) for _, fan_out in pairs]
    inputs = draw.normal(size=(sizes[0], batch))
    labels, examples = draw.integers(sizes[-1], size=batch), np.arange(batch)

    def step():
        signals = [inputs]
        for w, b in zip(weights, biases):
            z = w @ signals[-1]
            z += b
            if w is not weights[-1]:
                np.maximum(z, 0, out=z)
            signals.append(z)
        delta = np.exp(signals[-1] - signals[-1].max(axis=0))
        delta /= delta.sum(axis=0)
        delta[labels, examples] -= 1
        delta /= batch
        for l in reversed(range(len(weights))):
            by_weights, by_biases = delta @ signals[l].T, delta.sum(axis=1, keepdims=True)
            if l > 0:
                delta = weights[l].T @ delta
                delta *= signals[l] > 0
            weights[l] -= RATE * by_weights
            biases[l] -= RATE * by_biases

    return step


step = torch_step() if peer == "torch" else numpy_step()
start, steps = time.perf_counter(), 0
while steps < 10 or time.perf_counter() - start < 0.3:
    step()
    steps += 1
best = float("inf")
for _ in range(5):
    start = time.perf_counter()
    for _ in range(50):
        step()
    best = min(best, (time.perf_counter() - start) / 50)
with open("/proc/self/maps") as maps:
    blas = sorted({os.path.realpath(path) for path in re.findall(r"/\S*(?:blas|mkl_rt)\S*", maps.read())})
print(json.dumps({"us_per_step": best * 1e6, "blas": blas}))
