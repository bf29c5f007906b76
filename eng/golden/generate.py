"""Writes the golden vectors that the tests compare with. See README.md."""
import json
import pathlib
import zlib

import torch
from torch import nn

from network import CELLS, Network, loss_of
from safetensors_file import save

OUT = pathlib.Path(__file__).parent.parent.parent / "test" / "Microsoft.ML.Lstm.Core.Tests" / "Golden"
MSE = {"Kind": "MeanSquaredError"}
STEPS = 10


def uniform(*shape, scale=1.0):
    """Doubles that floats represent exactly."""
    return ((torch.rand(*shape) * 2 - 1) * scale).float().double()


def build(name, spec):
    torch.manual_seed(zlib.crc32(name.encode()))
    network = Network(spec).double()
    with torch.no_grad():
        for key, parameter in network.named_parameters():
            center = 1.0 if "norm_" in key and "bias" not in key else 0.0
            parameter.copy_((center + uniform(*parameter.shape, scale=0.6)).float().double())
    return network


def draw_batch(spec, loss, lengths):
    count, steps = len(lengths), max(lengths)
    every = spec["Output"] == "EveryStep"
    rows = (count, steps) if every else (count,)
    batch = {"lengths": torch.tensor(lengths, dtype=torch.int32)}
    if spec.get("InputSize"):
        batch["features"] = uniform(count, steps, spec["InputSize"], scale=2)
    if spec.get("VocabularySize"):
        batch["tokens"] = torch.randint(spec["VocabularySize"], (count, steps), dtype=torch.int32)
    if loss["Kind"] == "SoftmaxCrossEntropy":
        batch["classes"] = torch.randint(-1, spec["OutputSize"], rows, dtype=torch.int32)
    elif loss["Kind"] == "BinaryCrossEntropy":
        batch["targets"] = torch.randint(2, (*rows, spec["OutputSize"])).double()
    else:
        batch["targets"] = uniform(*rows, spec["OutputSize"] // len(loss.get("Quantiles", [0])))
    return batch


def run(network, loss, batch):
    outputs = network(batch.get("features"), batch.get("tokens"), batch["lengths"])
    counted = None
    if network.spec["Output"] == "EveryStep":
        counted = torch.arange(outputs.shape[1])[None, :] < batch["lengths"][:, None]
        outputs = outputs * counted[:, :, None]
    return outputs, loss_of(loss, outputs, batch.get("targets"), batch.get("classes"), counted)


def as_given(batch):
    return {key: value.float() if value.dtype == torch.float64 else value.clone() for key, value in batch.items()}


def weights_of(network, prefix, dtype):
    return {prefix + key: value.detach().to(dtype).clone() for key, value in network.named_parameters()}


def network_case(name, lengths=(4, 4, 4), loss=MSE, **spec):
    network = build(name, spec)
    batch = draw_batch(spec, loss, list(lengths))
    outputs, value = run(network, loss, batch)
    value.backward()
    tensors = {**as_given(batch), **weights_of(network, "weights/", torch.float32), "outputs": outputs, "loss": value}
    tensors.update({"gradients/" + key: parameter.grad for key, parameter in network.named_parameters()})
    save(OUT / f"network-{name}.safetensors", tensors, {"spec": json.dumps(spec), "loss": json.dumps(loss)})


OPTIMIZERS = {
    "Sgd": lambda p, o: torch.optim.SGD(
        p, lr=1, momentum=o.get("Momentum", 0), nesterov=o.get("Nesterov", False), weight_decay=o.get("WeightDecay", 0)),
    "Adam": lambda p, o: torch.optim.Adam(p, weight_decay=o.get("WeightDecay", 0)),
    "AdamW": lambda p, o: torch.optim.AdamW(p, weight_decay=o.get("WeightDecay", 0)),
    "AdaGrad": lambda p, o: torch.optim.Adagrad(p, weight_decay=o.get("WeightDecay", 0)),
    "RmsProp": lambda p, o: torch.optim.RMSprop(p, momentum=o.get("Momentum", 0), weight_decay=o.get("WeightDecay", 0)),
}


def curve_case(name, rate, optimizer, cell="Lstm", **options):
    """Ten steps over three batches in turn, the learning rate falling; clipping by value comes before clipping by norm."""
    spec = {"Cell": cell, "InputSize": 3, "HiddenSizes": [5], "OutputSize": 2, "Output": "LastStep"}
    network = build(name, spec)
    batches = [draw_batch(spec, MSE, [5, 3, 4, 5]) for _ in range(3)]
    tensors = weights_of(network, "weights/", torch.float32)
    for index, batch in enumerate(batches):
        tensors.update({f"batch{index}/{key}": value for key, value in as_given(batch).items()})
    stepper = OPTIMIZERS[optimizer["Kind"]](network.parameters(), optimizer)
    rates = torch.tensor([rate * 0.93**k for k in range(STEPS)], dtype=torch.float32)
    losses, norms = [], []
    for step in range(STEPS):
        stepper.param_groups[0]["lr"] = rates[step].item()
        stepper.zero_grad()
        _, value = run(network, MSE, batches[step % 3])
        value.backward()
        losses.append(value.item())
        if "ClipValue" in options:
            nn.utils.clip_grad_value_(network.parameters(), options["ClipValue"])
        norms.append(torch.cat([p.grad.flatten() for p in network.parameters()]).norm().item())
        if "ClipNorm" in options:
            nn.utils.clip_grad_norm_(network.parameters(), options["ClipNorm"])
        stepper.step()
    tensors.update({
        "learning_rates": rates,
        "losses": torch.tensor(losses, dtype=torch.float64),
        "gradient_norms": torch.tensor(norms, dtype=torch.float64),
        **weights_of(network, "final/", torch.float64),
    })
    metadata = {"spec": json.dumps(spec), "options": json.dumps({"Optimizer": optimizer, **options})}
    save(OUT / f"curve-{name}.safetensors", tensors, metadata)


def main():
    torch.set_num_threads(1)
    OUT.mkdir(exist_ok=True)
    for cell in CELLS:
        for layers in (1, 2):
            for both in (False, True):
                for shape, lengths in (("uniform", (4, 4, 4)), ("packed", (3, 5, 1, 4))):
                    name = f"{cell}-{layers}-{'bidirectional' if both else 'forward'}-{shape}".lower()
                    output = "LastStep" if (layers == 2) ^ both else "EveryStep"
                    network_case(name, lengths, Cell=cell, InputSize=3, HiddenSizes=[4] * layers, Bidirectional=both, OutputSize=2, Output=output)
        tokens = {"Cell": cell, "VocabularySize": 6, "HiddenSizes": [4], "OutputSize": 6}
        network_case(f"{cell}-tokens".lower(), (3, 5, 1, 4), {"Kind": "SoftmaxCrossEntropy"}, **tokens, EmbeddingSize=3, Output="EveryStep")
        network_case(f"{cell}-tied-learned-state".lower(), (2, 4), {"Kind": "SoftmaxCrossEntropy"}, **tokens, EmbeddingSize=4, InputSize=2,
                     Output="EveryStep", TiedEmbeddings=True, LearnedInitialState=True)
        curve_case(f"{cell}-adam".lower(), 0.05, {"Kind": "Adam"}, cell)

    network_case("lstm-normalized", Cell="Lstm", InputSize=3, HiddenSizes=[4, 4], OutputSize=2, Output="EveryStep", LayerNormalization=True)
    losses = {
        "mae": {"Kind": "MeanAbsoluteError"},
        "huber": {"Kind": "Huber", "HuberDelta": 0.5},
        "quantile": {"Kind": "Quantile", "Quantiles": [0.1, 0.5, 0.75]},
        "bce": {"Kind": "BinaryCrossEntropy"},
        "softmax-class-weights": {"Kind": "SoftmaxCrossEntropy", "ClassWeights": [0.5, 2, 1, 0.25, 1.5, 1]},
        "softmax-label-smoothing": {"Kind": "SoftmaxCrossEntropy", "LabelSmoothing": 0.125},
    }
    for name, loss in losses.items():
        network_case("loss-" + name, (5, 2, 3, 4, 4, 1), loss, Cell="Gru", InputSize=3, HiddenSizes=[4], OutputSize=6, Output="LastStep")

    curve_case("sgd", 0.5, {"Kind": "Sgd"})
    curve_case("sgd-momentum-clip-norm", 0.2, {"Kind": "Sgd", "Momentum": 0.9}, ClipNorm=0.25)
    curve_case("sgd-nesterov", 0.1, {"Kind": "Sgd", "Momentum": 0.9, "Nesterov": True})
    curve_case("adam-weight-decay", 0.05, {"Kind": "Adam", "WeightDecay": 0.1})
    curve_case("adamw", 0.05, {"Kind": "AdamW", "WeightDecay": 0.1})
    curve_case("adagrad", 0.1, {"Kind": "AdaGrad"})
    curve_case("rmsprop", 0.02, {"Kind": "RmsProp"})
    curve_case("rmsprop-momentum-clip-value-and-norm", 0.02, {"Kind": "RmsProp", "Momentum": 0.5}, ClipValue=0.05, ClipNorm=0.3)


if __name__ == "__main__":
    main()
