"""Training steps of PyTorch's own nn.LSTM and nn.GRU, to set beside `--engine --gpu 0` of this project on the same card.

    python3 pytorch_lstm.py ptb-train ptb-large-train --precision bfloat16 --seconds 3

Prints a line of JSON for each workload: the mean time of a step in milliseconds. Written as one writes it: modules, cuDNN's dropout between layers, a fresh
batch uploaded from pinned memory in every step, the loss read every 32 steps. --split puts the dropout between two modules of one layer, as our engine does.
"""
import argparse
import json
import time

import torch
from torch import nn

LANGUAGE = dict(cell=nn.LSTM, vocabulary=10000, outputs=10000, layers=2, steps=35)
WORKLOADS = {
    "ptb-train": dict(LANGUAGE, units=650, batch=20, dropout=0.5),
    "ptb-large-train": dict(LANGUAGE, units=1500, batch=64, dropout=0.65),
    "gru-ptb-train": dict(LANGUAGE, cell=nn.GRU, units=650, batch=20, dropout=0.5),
    "sine-train": dict(cell=nn.LSTM, inputs=1, units=100, layers=1, outputs=50, batch=50, steps=100, dropout=0.0),
    "gru-sine-train": dict(cell=nn.GRU, inputs=1, units=100, layers=1, outputs=50, batch=50, steps=100, dropout=0.0),
    "lstm15-train": dict(cell=nn.LSTM, inputs=15, units=128, layers=1, outputs=1, batch=256, steps=24, dropout=0.0),
}
STEPS_BETWEEN_READS = 32


class Network(nn.Module):
    def __init__(self, w, split):
        super().__init__()
        self.w = w
        self.embedding = nn.Embedding(w["vocabulary"], w["units"]) if "vocabulary" in w else None
        width = w["units"] if self.embedding else w["inputs"]
        sizes = [(width, 1)] + [(w["units"], 1)] * (w["layers"] - 1) if split else [(width, w["layers"])]
        self.recurrent = nn.ModuleList(w["cell"](i, w["units"], n, dropout=w["dropout"] if n > 1 else 0.0) for i, n in sizes)
        self.output = nn.Linear(w["units"], w["outputs"])
        self.drop = nn.Dropout(w["dropout"])

    def forward(self, x, states):
        x = self.drop(self.embedding(x)) if self.embedding else x
        finals = []
        for i, module in enumerate(self.recurrent):
            if i:
                x = self.drop(x)
            x, final = module(x, states[i] if states else None)
            finals.append(final)
        x = self.drop(x).flatten(0, 1) if self.embedding else x[-1]
        return self.output(x), finals


def detached(state):
    return tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()


def run(name, args):
    w, device = WORKLOADS[name], torch.device("cuda")
    torch.manual_seed(1)
    network = Network(w, args.split).to(device)
    language = "vocabulary" in w
    optimizer = torch.optim.SGD(network.parameters(), 1e-3) if language else torch.optim.Adam(network.parameters(), 1e-3)
    shape = (w["steps"], w["batch"])
    x = torch.randint(w["vocabulary"], shape) if language else torch.randn(*shape, w["inputs"])
    y = torch.randint(w["outputs"], (shape[0] * shape[1],)) if language else torch.randn(w["batch"], w["outputs"])
    states, losses = None, []

    def step():
        nonlocal states
        xs, ys = (t.pin_memory().to(device, non_blocking=True) for t in (x, y))
        optimizer.zero_grad()
        with torch.autocast("cuda", torch.bfloat16, enabled=args.precision == "bfloat16"):
            outputs, finals = network(xs, states)
            loss = nn.functional.cross_entropy(outputs, ys) if language else nn.functional.mse_loss(outputs, ys)
        loss.backward()
        if language:
            states = [detached(final) for final in finals]
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimizer.step()
        losses.append(loss.detach())
        if len(losses) == STEPS_BETWEEN_READS:
            torch.stack(losses).tolist()
            losses.clear()

    for _ in range(2 * STEPS_BETWEEN_READS):
        step()
    for _ in range(args.rounds):
        torch.cuda.synchronize()
        count, began = 0, time.perf_counter()
        while count % STEPS_BETWEEN_READS or time.perf_counter() - began < args.seconds:
            step()
            count += 1
        torch.cuda.synchronize()
        milliseconds = (time.perf_counter() - began) / count * 1e3
        print(json.dumps(dict(workload=name, peer="PyTorch " + torch.__version__ + (" split" if args.split else ""), precision=args.precision, mean_ms=round(milliseconds, 3))), flush=True)


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("workloads", nargs="*", default=list(WORKLOADS))
parser.add_argument("--precision", choices=["float32", "tf32", "bfloat16"], default="float32")
parser.add_argument("--seconds", type=float, default=1.0)
parser.add_argument("--rounds", type=int, default=1)
parser.add_argument("--split", action="store_true")
arguments = parser.parse_args()
torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = arguments.precision == "tf32"
for workload in arguments.workloads:
    run(workload, arguments)
