"""The same tagger in PyTorch and as an ONNX graph: embeddings, a bidirectional LSTM, a CRF; its weights copied.

The model is one of rnntag's without letters and intents: every feature is a row of a table. Arrays come padded:
ids (B, T, features) and gold tags (B, T), lengths (B,), longest first.

Two forms of the recurrence, since neither is always the faster: packed sequences, and padded ones under a mask.
Training is what a PyTorch user writes for speed: fused Adam, and a CRF whose loops run over steps, not over tags.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from inside import TRANSITIONS, Model, forbidden
from torch import nn

FORBIDDEN = -1e4  # in place of -inf, of which gradients would be NaN


class Contender(nn.Module):
    """A copy of a one-layer `both` LSTM-CRF model; ``packed`` chooses the form of the recurrence."""

    def __init__(self, model: Model, packed: bool) -> None:
        super().__init__()
        network, P = model.network, model.parameters
        self.packed, self.tags = packed, network.tags
        N = model.spec.units
        self.embeddings = nn.ModuleList(
            nn.Embedding.from_pretrained(_tensor(P[f"embedding.{name}"]), freeze=False) for name in network.tables
        )
        self.lstm = nn.LSTM(network.D, N, bidirectional=True, batch_first=True)
        for direction, end in (("forward", ""), ("backward", "_reverse")):
            place = f"layer0.{direction}"
            for ours, theirs in (("input", "weight_ih"), ("recurrent", "weight_hh")):
                getattr(self.lstm, f"{theirs}_l0{end}").data = _tensor(_by_gate(P[f"{place}.{ours}"]).T.copy())
            getattr(self.lstm, f"bias_ih_l0{end}").data = _tensor(_by_gate(P[f"{place}.bias"]).copy())
            getattr(self.lstm, f"bias_hh_l0{end}").data.zero_()
            getattr(self.lstm, f"bias_hh_l0{end}").requires_grad = False  # rnntag has one bias, not two
        self.lstm.flatten_parameters()
        self.output = nn.Linear(2 * N, self.tags)
        self.output.weight.data = _tensor(P["output.weights"][:, : self.tags].T.copy())
        self.output.bias.data = _tensor(P["output.bias"][: self.tags].copy())
        self.transitions = nn.Parameter(_tensor(P[TRANSITIONS][: self.tags, : self.tags].copy()))
        self.bounds = nn.Parameter(_tensor(P["bounds"][:, : self.tags].copy()))
        transitions, bounds = forbidden(network)
        self.no_transitions, self.no_bounds = torch.from_numpy(transitions), torch.from_numpy(bounds)

    def loss_of(self, ids: np.ndarray, gold: np.ndarray, lengths: np.ndarray) -> torch.Tensor:
        """-log p of gold tags, summed over sentences."""
        sizes = torch.from_numpy(lengths)
        return self.loss(self.scores(torch.from_numpy(ids), sizes), torch.from_numpy(gold), sizes)

    def tagged(self, ids: np.ndarray, lengths: np.ndarray) -> list[list[int]]:
        """The best tags of each sentence."""
        sizes = torch.from_numpy(lengths)
        with torch.inference_mode():
            return self.best(self.scores(torch.from_numpy(ids), sizes), sizes)

    def gradients(self) -> tuple[np.ndarray, np.ndarray]:
        """Those at the vectors of words and at the transitions."""
        return self.embeddings[0].weight.grad.numpy(), self.transitions.grad.numpy()

    def scores(self, ids: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Tag scores (B, T, Y) of padded ids (B, T, features); lengths (B,), longest first."""
        X = torch.cat([table(ids[..., f]) for f, table in enumerate(self.embeddings)], -1)
        if self.packed:
            H, _ = self.lstm(nn.utils.rnn.pack_padded_sequence(X, lengths, batch_first=True))
            H, _ = nn.utils.rnn.pad_packed_sequence(H, batch_first=True)
        else:
            H = self._padded(X, lengths)
        return self.output(H)

    def _padded(self, X: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Both directions over padded rows; the backward one sees each sentence turned round within its length."""
        T = X.shape[1]
        steps = torch.arange(T)
        turned = torch.where(steps < lengths[:, None], lengths[:, None] - 1 - steps, steps)
        names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
        zeros = X.new_zeros(1, X.shape[0], self.lstm.hidden_size)
        outputs = []
        for end in ("", "_reverse"):
            order = turned[..., None]
            x = X if not end else X.gather(1, order.expand_as(X))
            weights = [getattr(self.lstm, name + end) for name in names]
            h = torch.lstm(x, (zeros, zeros), weights, True, 1, 0.0, self.training, False, True)[0]
            outputs.append(h if not end else h.gather(1, order.expand_as(h)))
        return torch.cat(outputs, -1)

    def loss(self, E: torch.Tensor, gold: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """-log p of gold tags (B, T), summed over sentences."""
        B, T = gold.shape
        M = self.transitions.masked_fill(self.no_transitions, FORBIDDEN)
        bounds = self.bounds.masked_fill(self.no_bounds, FORBIDDEN)
        mask = torch.arange(T) < lengths[:, None]
        gold = gold.masked_fill(~mask, 0)
        score = (E.gather(2, gold[..., None])[..., 0] * mask).sum() + (M[gold[:, :-1], gold[:, 1:]] * mask[:, 1:]).sum()
        score = score + bounds[0, gold[:, 0]].sum() + bounds[1, gold[torch.arange(B), lengths - 1]].sum()
        alpha = bounds[0] + E[:, 0]
        alive = mask.sum(0).tolist()  # sentences are sorted by length
        done = []
        for t in range(1, T):
            if alive[t] < len(alpha):
                done.append(alpha[alive[t] :])
                alpha = alpha[: alive[t]]
            alpha = torch.logsumexp(alpha[:, :, None] + M, 1) + E[: alive[t], t]
        done.append(alpha)
        return torch.logsumexp(torch.cat(done) + bounds[1], 1).sum() - score

    def best(self, E: torch.Tensor, lengths: torch.Tensor) -> list[list[int]]:
        """The best tags of each sentence, by Viterbi."""
        M = self.transitions.masked_fill(self.no_transitions, FORBIDDEN)
        bounds = self.bounds.masked_fill(self.no_bounds, FORBIDDEN)
        B, T, _ = E.shape
        v = bounds[0] + E[:, 0]
        back, last = [], v.clone()
        for t in range(1, T):
            v, arg = (v[:, :, None] + M).max(1)
            v = v + E[:, t]
            back.append(arg)
            last = torch.where((t < lengths)[:, None], v, last)
        tag = (last + bounds[1]).argmax(1)
        pointers = torch.stack(back).numpy() if back else np.empty((0, B, 0), np.int64)
        paths = []
        for b, (y, length) in enumerate(zip(tag.tolist(), lengths.tolist(), strict=True)):
            path = [y]
            for t in range(length - 2, -1, -1):
                y = int(pointers[t, b, y])
                path.append(y)
            paths.append(path[::-1])
        return paths


def _tensor(array: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(array))


def _by_gate(W: np.ndarray) -> np.ndarray:
    """Columns (i8 f8 g8 o8 | ...) as PyTorch has them: all i, all f, all g, all o. A copy."""
    lead = W.shape[:-1]
    return np.moveaxis(W.reshape(*lead, -1, 4, 8), -2, -3).reshape(*lead, -1)


def onnx_session(model: Model, threads: int) -> Any:
    """The graph of `onnx_scores`, ready to run."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(onnx_scores(model), options, providers=["CPUExecutionProvider"])


def onnx_scores(model: Model) -> bytes:
    """The way from ids (T, B, features) and lengths (B,) to tag scores (T, B, Y) as an ONNX graph, same weights."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    network, P = model.network, model.parameters
    N, Y = model.spec.units, network.tags
    constants: dict[str, np.ndarray] = {}
    nodes, columns = [], []
    for f, name in enumerate(network.tables):
        constants[f"table{f}"], constants[f"number{f}"] = P[f"embedding.{name}"], np.array(f)
        nodes.append(helper.make_node("Gather", ["ids", f"number{f}"], [f"ids{f}"], axis=2))
        nodes.append(helper.make_node("Gather", [f"table{f}", f"ids{f}"], [f"vectors{f}"], axis=0))
        columns.append(f"vectors{f}")
    order = [0, 3, 1, 2]  # ONNX has the gates as i o f c

    def gates(name: str) -> np.ndarray:
        both = [_by_gate(P[f"layer0.{direction}.{name}"]).T for direction in ("forward", "backward")]
        parts = [np.concatenate([np.split(W, 4)[g] for g in order]) for W in both]
        return np.ascontiguousarray(np.stack(parts))

    constants |= {"W": gates("input"), "R": gates("recurrent")}
    bias = gates("bias")
    constants["B"] = np.concatenate([bias, np.zeros_like(bias)], axis=1)
    constants["O"], constants["b"] = P["output.weights"][:, :Y].copy(), P["output.bias"][:Y].copy()
    constants["flat"] = np.array([0, 0, 2 * N])
    nodes += [
        helper.make_node("Concat", columns, ["X"], axis=2),
        helper.make_node("LSTM", ["X", "W", "R", "B", "lengths"], ["H"], hidden_size=N, direction="bidirectional"),
        helper.make_node("Transpose", ["H"], ["turned"], perm=[0, 2, 1, 3]),
        helper.make_node("Reshape", ["turned", "flat"], ["states"]),
        helper.make_node("MatMul", ["states", "O"], ["product"]),
        helper.make_node("Add", ["product", "b"], ["scores"]),
    ]
    given = [
        helper.make_tensor_value_info("ids", TensorProto.INT64, ["T", "B", len(network.tables)]),
        helper.make_tensor_value_info("lengths", TensorProto.INT32, ["B"]),
    ]
    found = [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["T", "B", Y])]
    held = [numpy_helper.from_array(np.array(array, order="C"), name) for name, array in constants.items()]
    graph = helper.make_graph(nodes, "scores", given, found, held)
    return onnx.ModelProto.SerializeToString(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    )
