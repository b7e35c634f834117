"""The reader that ships, six layers of 384, read back from its exported form, so that training can go on from it.

Its int8 weights become float32, and the runs before it are not needed: a weight is off by half a 127th of its channel's
largest at most.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from assistant.networks.onnx_model import open_tokenizer
from assistant.networks.token_windows import ends_of
from training.network import ReaderNetwork

_PRODUCT = "/MatMul"


class SmallEncoder(nn.Module):
    """Token ids -> a state for each token, by BERT's layers; which segment a token is of follows from the separators.

    Embeddings stay as they are: half of all parameters, whose scattered gradients cost a fifth of a step on a CPU.

    Args:
        folder: of all-MiniLM-L6-v2's configuration and weights.
        separator: token id that ends history, question and passage.
    """

    width = 384

    def __init__(self, folder: Path, separator: int) -> None:
        super().__init__()
        from transformers import BertModel

        # No dropout: its random masks of attention, a number for every pair of tokens, are what costs time on a CPU.
        self.bert = BertModel.from_pretrained(
            folder, attn_implementation="eager", add_pooling_layer=False,
            hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
        )  # fmt: skip
        self._separator = separator
        for parameter in self.bert.embeddings.parameters():
            parameter.requires_grad_(False)

    def forward(self, ids: Tensor, mask: Tensor | None = None) -> Tensor:
        """Returns the states (batch, tokens, width) of ids (batch, tokens); mask is 1 for a token, 0 for padding."""
        ends = (ids == self._separator).long()
        # Behind the last separator but one stands the passage, with the last: none or one is still to come.
        after = ends.flip(1).cumsum(1).flip(1)
        types = (after <= 1).long()
        states: Tensor = self.bert(input_ids=ids, token_type_ids=types, attention_mask=mask).last_hidden_state
        return states


def small_reader(exported: Path, folder: Path) -> ReaderNetwork:
    """Returns the network of an exported reader; the kinds of answer, of which it may have no weights, begin at zero.

    Args:
        exported: the ONNX file.
        folder: of all-MiniLM-L6-v2.

    Raises:
        ValueError: weights are missing.
    """
    _, separator = ends_of(open_tokenizer(folder / "tokenizer.json"))
    network = ReaderNetwork(SmallEncoder(folder, separator))
    state = network.state_dict()
    found = {name.replace("encoder.", "encoder.bert.", 1): value for name, value in exported_weights(exported).items()}
    missing = set(state) - set(found) - {"encoder.bert.embeddings.position_ids"}
    if missing:
        raise ValueError(f"{exported} has no weights of {', '.join(sorted(missing))}.")
    for name, value in found.items():
        state[name].zero_()[: len(value)].copy_(value)  # of a passage's last layer, no answer is the first logit
    return network


class WithTypes(nn.Module):
    """A small reader as it is exported: its segments are given, not found from the separators.

    Args:
        network: a `small_reader`.
    """

    def __init__(self, network: ReaderNetwork) -> None:
        super().__init__()
        assert isinstance(network.encoder, SmallEncoder)
        self.encoder, self.tokens, self.passage = network.encoder.bert, network.tokens, network.passage

    def forward(self, ids: Tensor, types: Tensor) -> tuple[Tensor, Tensor]:
        """Returns logits of tokens and of passages, as `ReaderNetwork` does."""
        states = self.encoder(input_ids=ids, token_type_ids=types).last_hidden_state
        return self.tokens(states), self.passage(states[:, :1])[:, 0]


def exported_weights(path: Path) -> dict[str, Tensor]:
    """Returns the weights in an exported reader by the names of its `BertModel` and heads, as float32."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(path).graph
    arrays = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    found: dict[str, NDArray[Any]] = {}
    for name, values in arrays.items():
        if name.endswith((".bias", ".weight")):
            found[name] = values
        elif name.endswith(".weight_int8"):
            found[name.removesuffix("_int8")] = _wide(arrays, name.removesuffix("_int8"))
    for node in graph.node:
        if node.op_type == "MatMul" and node.name.endswith(_PRODUCT) and not node.input[1].startswith("/"):
            # "/passage/passage.0/MatMul": a list of layers repeats its name.
            layer = node.name.removesuffix(_PRODUCT).strip("/").replace("/", ".").replace("passage.passage", "passage")
            found[f"{layer}.weight"] = _wide(arrays, node.input[1]).T
    return {name: torch.from_numpy(np.array(values, dtype=np.float32)) for name, values in found.items()}


def _wide(arrays: Mapping[str, NDArray[Any]], name: str) -> NDArray[Any]:
    if name in arrays:
        return arrays[name]
    wide: NDArray[Any] = arrays[f"{name}_int8"].astype(np.float32) * arrays[f"{name}_scale"]
    return wide
