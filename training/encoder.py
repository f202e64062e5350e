"""The encoder: gated convolutions under a little attention, about a million multiply-adds a character.

Scarce labels want locality, so most layers look three characters wide (with dilation) and only one looks at
everything. A convolution is written as shifted copies and one matrix product: ONNX Runtime's int8 kernels are
good at matrix products and poor at one-dimensional convolutions.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import PreTrainedConfig, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutput, TokenClassifierOutput

from extraction.narrative.decoding import PLACES

LONGEST = 512  # positions


class EncoderConfig(PreTrainedConfig):
    """Size of the encoder. ``layers`` is a string of ``c1``, ``c2``, … (convolution, dilation) and ``a``."""

    model_type = "nianbao-encoder"

    def __init__(
        self,
        *,
        vocab_size: int = 4512,
        hidden_size: int = 160,
        layers: str = "c1 c2 a c1 c4",
        heads: int = 4,
        feed_forward: int = 320,
        dropout: float = 0.1,
        initializer_range: float = 0.02,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        self.layers = layers
        self.heads = heads
        self.feed_forward = feed_forward
        self.dropout = dropout
        self.initializer_range = initializer_range


class Convolution(nn.Module):
    """Pre-normalised gated convolution, three wide, with a residual."""

    def __init__(self, config: EncoderConfig, dilation: int) -> None:
        super().__init__()
        size = config.hidden_size
        self.dilation = dilation
        self.norm = nn.LayerNorm(size)
        self.inner = nn.Linear(3 * size, 2 * size)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        normed = self.norm(hidden) * mask
        d = self.dilation
        wide = functional.pad(normed, (0, 0, d, d))
        length = hidden.shape[1]
        both = torch.cat([wide[:, :length], normed, wide[:, 2 * d : 2 * d + length]], dim=-1)
        value, gate = self.inner(both).chunk(2, dim=-1)
        return hidden + self.dropout(value * torch.sigmoid(gate))


class Attention(nn.Module):
    """Pre-normalised self-attention with rotary positions, then a feed-forward layer, with residuals."""

    cos: Tensor
    sin: Tensor

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        size = config.hidden_size
        self.heads = config.heads
        self.width = size // config.heads
        self.norm = nn.LayerNorm(size)
        self.query_key_value = nn.Linear(size, 3 * size)
        self.out = nn.Linear(size, size)
        self.norm_forward = nn.LayerNorm(size)
        self.up = nn.Linear(size, config.feed_forward)
        self.down = nn.Linear(config.feed_forward, size)
        self.dropout = nn.Dropout(config.dropout)

    def _rotate(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        first, second = x.chunk(2, dim=-1)
        return torch.cat([first * cos - second * sin, second * cos + first * sin], dim=-1)

    def forward(self, hidden: Tensor, bias: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        batch, length, size = hidden.shape
        mixed = self.query_key_value(self.norm(hidden)).view(batch, length, 3, self.heads, self.width)
        query, key, value = mixed.permute(2, 0, 3, 1, 4).unbind(0)
        query, key = self._rotate(query, cos, sin), self._rotate(key, cos, sin)
        weights = torch.softmax(query @ key.transpose(-1, -2) * self.width**-0.5 + bias, dim=-1)
        mixed = (weights @ value).transpose(1, 2).reshape(batch, length, size)
        hidden = hidden + self.dropout(self.out(mixed))
        forward = self.down(functional.gelu(self.up(self.norm_forward(hidden)), approximate="tanh"))
        return hidden + self.dropout(forward)


class EncoderBase(PreTrainedModel):
    """What the encoder and its heads share: configuration and initial weights."""

    config_class = EncoderConfig
    base_model_prefix = "encoder"

    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, nn.Linear | nn.Embedding):
            nn.init.normal_(module.weight, std=self.config.initializer_range)
        if isinstance(module, nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)


class Encoder(EncoderBase):
    """Character ids (batch, length) → hidden states (batch, length, hidden_size)."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__(config)
        self.embedding = nn.Embedding(config.vocab_size, config.hidden_size)
        self.dropout = nn.Dropout(config.dropout)
        kinds = config.layers.split()
        self.layers = nn.ModuleList(
            Attention(config) if kind == "a" else Convolution(config, int(kind[1:])) for kind in kinds
        )
        self.norm = nn.LayerNorm(config.hidden_size)
        self.post_init()

    def get_input_embeddings(self) -> nn.Module:
        return self.embedding

    def forward(self, input_ids: Tensor, attention_mask: Tensor | None = None, **_: Any) -> BaseModelOutput:
        kept = torch.ones_like(input_ids) if attention_mask is None else attention_mask
        hidden = self.embedding(input_ids) * self.config.hidden_size**0.5 * 0.25
        mask = kept.unsqueeze(-1).to(hidden.dtype)
        bias = (1.0 - mask.transpose(1, 2).unsqueeze(1)) * -1e4
        cos, sin = self._positions(input_ids.shape[1], hidden)
        hidden = self.dropout(hidden)
        for layer in self.layers:
            hidden = layer(hidden, bias, cos, sin) if isinstance(layer, Attention) else layer(hidden, mask)
        return BaseModelOutput(last_hidden_state=self.norm(hidden))

    def _positions(self, length: int, like: Tensor) -> tuple[Tensor, Tensor]:
        half = self.config.hidden_size // self.config.heads // 2
        speeds = 1000.0 ** (-torch.arange(half, device=like.device, dtype=torch.float32) / half)
        angles = torch.arange(LONGEST, device=like.device, dtype=torch.float32)[:, None] * speeds
        return angles.cos()[:length].to(like.dtype), angles.sin()[:length].to(like.dtype)


class EncoderForMaskedLM(EncoderBase):
    """The encoder with a head that guesses masked characters; its output matrix is the embedding."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__(config)
        self.encoder = Encoder(config)
        self.transform = nn.Linear(config.hidden_size, config.hidden_size)
        self.norm = nn.LayerNorm(config.hidden_size)
        self.bias = nn.Parameter(torch.zeros(config.vocab_size))
        self.post_init()

    def forward(self, input_ids: Tensor, attention_mask: Tensor, places: Tensor) -> Tensor:
        """Logits (places, vocabulary) for ``places``, a boolean mask (batch, length)."""
        hidden = self.encoder(input_ids, attention_mask).last_hidden_state[places]
        hidden = self.norm(functional.gelu(self.transform(hidden)))
        return functional.linear(hidden, self.encoder.embedding.weight, self.bias)


class EncoderForTokenClassification(EncoderBase):
    """The encoder with one linear head: where a figure stands, what it counts, whether it is another year's."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__(config)
        self.encoder = Encoder(config)
        self.dropout = nn.Dropout(config.dropout)
        self.classifier = nn.Linear(config.hidden_size, columns(config.num_labels))
        self.post_init()

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor | None = None, **_: Any
    ) -> TokenClassifierOutput:
        """IOB2 tags as transformers knows them: O, then begin and inside of every label in turn."""
        scores = self.scores(input_ids, attention_mask)
        places = functional.log_softmax(scores[..., :PLACES], dim=-1)
        labels = functional.log_softmax(scores[..., PLACES:-1], dim=-1)
        pairs = torch.stack([labels + places[..., 1:2], labels + places[..., 2:3]], dim=-1).flatten(-2)
        return TokenClassifierOutput(logits=torch.cat([places[..., :1], pairs], dim=-1))

    def scores(self, input_ids: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        """Outside, begin, inside; every label; prior period: (batch, length, 3 + labels + 1)."""
        hidden = self.encoder(input_ids, attention_mask).last_hidden_state
        scores: Tensor = self.classifier(self.dropout(hidden))
        return scores


def columns(tags: int) -> int:
    """Columns of the scores for so many IOB2 tags (1 + 2 · labels)."""
    return PLACES + (tags - 1) // 2 + 1
