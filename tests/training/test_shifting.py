"""Quantising before the shifted copies changes nothing that comes out."""

import warnings

import numpy as np
import onnx
import onnxruntime
import pytest

from training import export, shifting
from training.encoder import EncoderConfig, EncoderForTokenClassification


@pytest.fixture(scope="module")
def graphs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("graphs")
    config = EncoderConfig(vocab_size=60, hidden_size=32, layers="c1 a c2", feed_forward=32, num_labels=7)
    EncoderForTokenClassification(config).save_pretrained(folder)
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("ignore")
        patch.setattr(export, "quantise_before_shifting", lambda model: 0)
        export.to_onnx(folder, folder / "float.onnx")
        export.to_int8(folder / "float.onnx", folder / "int8.onnx")
    model = onnx.load(folder / "int8.onnx")
    assert shifting.quantise_before_shifting(model) == 2
    onnx.checker.check_model(model)
    onnx.save(model, folder / "early.onnx")
    return folder / "int8.onnx", folder / "early.onnx"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(5))
def test_the_scores_stay_the_same(graphs, seed):
    rng = np.random.default_rng(seed)
    ids = rng.integers(12, 60, (3, int(rng.integers(2, 40))))
    mask = np.ones_like(ids)
    mask[0, ids.shape[1] // 2 :] = 0
    sessions = [onnxruntime.InferenceSession(str(path)) for path in graphs]
    late, early = (s.run(None, {"input_ids": ids, "attention_mask": mask})[0] for s in sessions)
    np.testing.assert_allclose(early, late, atol=1e-4)


@pytest.mark.filterwarnings("ignore")
def test_every_convolution_is_quantised_once_and_before(graphs):
    model = onnx.load(graphs[1])
    makers = {name: node for node in model.graph.node for name in node.output}
    quantised = [n for n in model.graph.node if n.op_type == "DynamicQuantizeLinear"]
    assert not [n for n in quantised if makers[n.input[0]].op_type == "Concat"]
    assert shifting.quantise_before_shifting(model) == 0
