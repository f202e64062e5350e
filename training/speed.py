"""How fast the tagger is: against ``transformers.pipeline`` on the same weights and the same sentences, in one run.

python -m training.speed --model models/candidate --tagger models/tagger
"""

# ruff: noqa: T201 - it prints what it measures
from __future__ import annotations

import argparse
import statistics
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from extraction.narrative.alphabet import SPECIALS, Alphabet
from extraction.narrative.sentences import may_hold_figure, split_sentences
from extraction.narrative.tagger import Tagger
from training.examples import read_bank


def pipeline_of(folder: Path) -> Callable[[list[str]], object]:
    """Hugging Face's token-classification pipeline over the float weights, one thread, batches of 32."""
    import torch
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast, TokenClassificationPipeline

    from training.encoder import EncoderForTokenClassification

    torch.set_num_threads(1)
    alphabet = Alphabet.load(folder / "alphabet.json")
    vocabulary = {token: i for i, token in enumerate((*SPECIALS, *alphabet.characters))}
    inner = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    inner.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=inner, unk_token="<unk>", pad_token="<pad>", model_max_length=512
    )
    tokenizer.model_input_names = ["input_ids", "attention_mask"]
    model = EncoderForTokenClassification.from_pretrained(folder, dtype=torch.float32).eval()
    pipe = TokenClassificationPipeline(
        model=model, tokenizer=tokenizer, aggregation_strategy="simple", device=-1, batch_size=32
    )
    return lambda sentences: list(pipe(sentences))


def main() -> None:
    """Print sentences a second of both, in turn, and the ratio of their medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--model", type=Path, default=Path("models/candidate"), help="the float model's folder"
    )
    parser.add_argument(
        "--tagger", type=Path, default=Path("models/tagger"), help="the shipped model's folder"
    )
    parser.add_argument("--data", type=Path, default=Path("annotations/bank"))
    parser.add_argument("--sentences", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    texts = [unit.text for unit in read_bank(chosen.data) if unit.part == "test"]
    sentences = [t[a:b] for t in texts for a, b in split_sentences(t) if may_hold_figure(t[a:b])]
    sentences = sentences[: chosen.sentences]
    tagger = Tagger.load(chosen.tagger)
    joined = "\n".join(sentences)
    ways: dict[str, Callable[[], object]] = {"tagger": lambda: tagger.tag(joined, year=2021)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pipe = pipeline_of(chosen.model)
        ways["transformers.pipeline"] = lambda: pipe(sentences)
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        for round_number in range(chosen.rounds + 1):
            for name, way in ways.items():
                began = time.process_time()
                way()
                if round_number:  # the first warms up
                    seconds[name].append(time.process_time() - began)
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    characters = sum(map(len, sentences))
    print(
        f"{len(sentences)} sentences, {characters} characters, {chosen.rounds} rounds in turn, CPU time, one thread"
    )
    for name, middle in medians.items():
        print(
            f"  {name:24}{len(sentences) / middle:9.0f} sentences/s {characters / middle / 1000:8.1f} k characters/s"
        )
    print(f"  the tagger is {medians['transformers.pipeline'] / medians['tagger']:.1f} times as fast")


if __name__ == "__main__":
    main()
