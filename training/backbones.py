"""What stands under the tagger's head: the shipped encoder, nothing learnt, or a Hugging Face checkpoint."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, AutoTokenizer

from extraction.narrative.alphabet import MASK, PAD, SPECIALS, UNKNOWN, Alphabet
from training.encoder import Encoder, EncoderConfig, EncoderForTokenClassification, columns


class CheckpointTagger(nn.Module):
    """Any Hugging Face encoder with our alphabet in place of its vocabulary and our head on top."""

    def __init__(self, encoder: nn.Module, size: int, tags: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(0.1)
        self.classifier = nn.Linear(size, columns(tags))

    def scores(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Outside, begin, inside; every label; prior period."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        scores: Tensor = self.classifier(self.dropout(hidden))
        return scores


def build(
    backbone: str, tags: int, *, texts: list[str], dropout: float = 0.15, layers: str | None = None
) -> tuple[nn.Module, Alphabet]:
    """The model (with ``scores(input_ids, attention_mask)``) and its alphabet.

    ``backbone`` is ``none`` or a folder; ``texts`` give the alphabet where nothing else does.
    """
    if backbone == "none":
        alphabet = Alphabet.count(texts, at_least=2)
        config = EncoderConfig(vocab_size=len(alphabet), dropout=dropout, num_labels=tags)
        if layers:
            config.layers = layers
        return EncoderForTokenClassification(config), alphabet
    folder = Path(backbone)
    kind = json.loads((folder / "config.json").read_text("utf-8"))["model_type"]
    if kind != EncoderConfig.model_type:
        return _from_checkpoint(folder, tags)
    alphabet = Alphabet.load(folder / "alphabet.json")
    config = EncoderConfig.from_pretrained(folder, num_labels=tags, dropout=dropout)
    model = EncoderForTokenClassification(config)
    model.encoder.load_state_dict(Encoder.from_pretrained(folder, dtype=torch.float32).state_dict())
    return model, alphabet


def _from_checkpoint(folder: Path, tags: int) -> tuple[nn.Module, Alphabet]:
    """A checkpoint with a vocabulary of characters; its embeddings are taken over character by character."""
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    config = AutoConfig.from_pretrained(folder, local_files_only=True)
    encoder = AutoModel.from_pretrained(folder, local_files_only=True, dtype=torch.float32)
    known = tokenizer.get_vocab()
    alphabet = Alphabet(sorted(c for c in known if len(c) == 1 and ord(c) < 0x10000 and not c.isdigit()))
    old = encoder.get_input_embeddings().weight.detach()
    digits = [known.get(str(i), tokenizer.unk_token_id) for i in range(len(SPECIALS))]
    rows = [*digits, *(known[c] for c in alphabet.characters)]
    rows[PAD], rows[UNKNOWN], rows[MASK] = (
        tokenizer.pad_token_id,
        tokenizer.unk_token_id,
        tokenizer.mask_token_id or tokenizer.unk_token_id,
    )
    encoder.set_input_embeddings(
        nn.Embedding.from_pretrained(old[rows].clone(), freeze=False, padding_idx=PAD)
    )
    return CheckpointTagger(encoder, config.hidden_size, tags), alphabet
