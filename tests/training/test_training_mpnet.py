"""The encoder computes what the published one does."""

from __future__ import annotations

import torch
from transformers import MPNetConfig, MPNetModel

from training.mpnet import MpnetEncoder, Size, renamed

SIZE = Size(layers=2, width=48, heads=4, inner=64, words=90, positions=340)


def both() -> tuple[MpnetEncoder, MPNetModel]:
    torch.manual_seed(1)
    config = MPNetConfig(
        vocab_size=90, hidden_size=48, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        max_position_embeddings=340, layer_norm_eps=1e-5,
    )  # fmt: skip
    theirs = MPNetModel(config, add_pooling_layer=False).eval()
    with torch.no_grad():
        theirs.encoder.relative_attention_bias.weight.normal_()
    ours = MpnetEncoder(SIZE).eval()
    ours.load_state_dict(renamed(theirs.state_dict(), SIZE.layers))
    return ours, theirs


def test_states_are_those_of_transformers_near_and_far_with_and_without_padding() -> None:
    ours, theirs = both()
    ids, mask = torch.randint(4, 90, (2, 320)), torch.ones(2, 320, dtype=torch.long)
    ids[1, 200:], mask[1, 200:] = 1, 0
    with torch.no_grad():
        expected = theirs(input_ids=ids, attention_mask=mask).last_hidden_state
        found = ours(ids, mask)
        alone = ours(ids[1:, :200])
    torch.testing.assert_close(found[0], expected[0], atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(found[1, :200], expected[1, :200], atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(alone[0], expected[1, :200], atol=1e-5, rtol=1e-4)


def test_the_first_layers_can_be_taken_alone() -> None:
    ours, theirs = both()
    short = MpnetEncoder(Size(layers=1, width=48, heads=4, inner=64, words=90, positions=340)).eval()
    short.load_state_dict(renamed(theirs.state_dict(), 1))
    ids = torch.randint(4, 90, (1, 20))
    with torch.no_grad():
        states = theirs(input_ids=ids, output_hidden_states=True).hidden_states
        torch.testing.assert_close(short(ids), states[1], atol=1e-5, rtol=1e-4)
        torch.testing.assert_close(ours(ids), states[2], atol=1e-5, rtol=1e-4)
