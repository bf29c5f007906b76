"""The network of Microsoft.ML.Lstm in PyTorch's terms: embedding, nn.LSTM / nn.GRU / nn.RNN, linear output."""
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

CELLS = {
    "Lstm": nn.LSTM,
    "Gru": nn.GRU,
    "RnnTanh": lambda *a, **k: nn.RNN(*a, nonlinearity="tanh", **k),
    "RnnRelu": lambda *a, **k: nn.RNN(*a, nonlinearity="relu", **k),
}


class NormalizedLstm(nn.Module):
    """LSTM with layer normalisation, written as its equations; one direction, sequences of one length."""

    def __init__(self, inputs, units, num_layers):
        super().__init__()
        self.units, self.num_layers = units, num_layers
        for k in range(num_layers):
            shapes = {
                "weight_ih": (4 * units, inputs if k == 0 else units), "weight_hh": (4 * units, units),
                "bias_ih": (4 * units,), "bias_hh": (4 * units,), "norm_ih": (4 * units,), "norm_hh": (4 * units,),
                "norm_c": (units,), "norm_c_bias": (units,),
            }
            for name, shape in shapes.items():
                self.register_parameter(f"{name}_l{k}", nn.Parameter(torch.empty(shape)))

    def forward(self, x):
        for k in range(self.num_layers):
            p = lambda name: getattr(self, f"{name}_l{k}")
            h = c = x.new_zeros(x.shape[0], self.units)
            outputs = []
            for t in range(x.shape[1]):
                a = self.norm(x[:, t] @ p("weight_ih").T) * p("norm_ih") + p("bias_ih")
                a = a + self.norm(h @ p("weight_hh").T) * p("norm_hh") + p("bias_hh")
                i, f, g, o = a.chunk(4, 1)
                c = f.sigmoid() * c + i.sigmoid() * g.tanh()
                h = o.sigmoid() * torch.tanh(self.norm(c) * p("norm_c") + p("norm_c_bias"))
                outputs.append(h)
            x = torch.stack(outputs, 1)
        return x, h

    def norm(self, v):
        """Over each gate's units separately, without gain or shift."""
        return F.layer_norm(v.view(v.shape[0], -1, self.units), (self.units,), eps=1e-5).view(v.shape)


class Network(nn.Module):
    """spec has the names of NetworkSpec."""

    def __init__(self, spec):
        super().__init__()
        self.spec = spec
        units, layers = spec["HiddenSizes"][0], len(spec["HiddenSizes"])
        self.directions = 2 if spec.get("Bidirectional") else 1
        if spec.get("VocabularySize"):
            self.embedding = nn.Embedding(spec["VocabularySize"], spec["EmbeddingSize"])
        inputs = spec.get("EmbeddingSize", 0) + spec.get("InputSize", 0)
        if spec.get("LayerNormalization"):
            self.rnn = NormalizedLstm(inputs, units, layers)
        else:
            self.rnn = CELLS[spec["Cell"]](inputs, units, layers, bidirectional=self.directions == 2, batch_first=True)
        self.output = nn.Linear(units * self.directions, spec["OutputSize"])
        if spec.get("TiedEmbeddings"):
            self.output.weight = self.embedding.weight
        if spec.get("LearnedInitialState"):
            for suffix in self.suffixes():
                for state in ["h0", "c0"] if spec["Cell"] == "Lstm" else ["h0"]:
                    self.rnn.register_parameter(state + suffix, nn.Parameter(torch.empty(units)))

    def suffixes(self):
        return [f"_l{k}" + end for k in range(len(self.spec["HiddenSizes"])) for end in ["", "_reverse"][: self.directions]]

    def initial(self, batch):
        if not self.spec.get("LearnedInitialState"):
            return None
        h, c = [[getattr(self.rnn, s + x, None) for x in self.suffixes()] for s in ("h0", "c0")]
        expand = lambda states: torch.stack(states).unsqueeze(1).expand(-1, batch, -1).contiguous()
        return (expand(h), expand(c)) if self.spec["Cell"] == "Lstm" else expand(h)

    def forward(self, features, tokens, lengths):
        """Padded, batch first → [B, O], or [B, T, O] when every step has an output."""
        parts = ([self.embedding(tokens.long())] if tokens is not None else []) + ([features] if features is not None else [])
        x = torch.cat(parts, 2)
        if isinstance(self.rnn, NormalizedLstm):
            steps, last = self.rnn(x)
        else:
            packed = pack_padded_sequence(x, lengths.long(), batch_first=True, enforce_sorted=False)
            steps, state = self.rnn(packed, self.initial(len(lengths)))
            steps, _ = pad_packed_sequence(steps, batch_first=True)
            h = state[0] if isinstance(state, tuple) else state
            last = torch.cat(list(h[-self.directions:]), 1)
        return self.output(steps if self.spec["Output"] == "EveryStep" else last)


def loss_of(loss, outputs, targets, classes, counted):
    """loss has the names of LossSpec; counted [B, T] says which steps exist, or is None when there is one output per sequence."""
    if counted is not None:
        outputs = outputs[counted]
        targets, classes = (v if v is None else v[counted] for v in (targets, classes))
    kind = loss["Kind"]
    if kind == "SoftmaxCrossEntropy":
        weights = torch.tensor(loss["ClassWeights"], dtype=torch.float32).double() if "ClassWeights" in loss else None
        return F.cross_entropy(outputs, classes.long(), weight=weights, ignore_index=-1, label_smoothing=loss.get("LabelSmoothing", 0.0))
    if kind == "Quantile":
        q = torch.tensor(loss["Quantiles"], dtype=torch.float32).double()
        error = targets.unsqueeze(2) - outputs.view(len(outputs), -1, len(q))
        return torch.maximum(q * error, (q - 1) * error).mean()
    if kind == "Huber":
        return F.huber_loss(outputs, targets, delta=loss["HuberDelta"])
    plain = {"MeanSquaredError": F.mse_loss, "MeanAbsoluteError": F.l1_loss, "BinaryCrossEntropy": F.binary_cross_entropy_with_logits}
    return plain[kind](outputs, targets)
