"""The registry: models promoted, refused and brought back, byte for byte, whatever a kill leaves behind."""

import json
import shutil

import pytest

from extraction.narrative.shipped import model_digest
from training import rollback
from training.errors import TrainingError
from training.registry import Registry, digests, opened

NAMES = ("model.onnx", "alphabet.json", "labels.json", "calibration.json", "manifest.json")


def make(folder, word):
    folder.mkdir(parents=True)
    for name in NAMES:
        (folder / name).write_bytes(f"{word} {name}\r\n\x00".encode())
    return folder


@pytest.fixture
def models(tmp_path):
    make(tmp_path / "tagger", "first")
    return tmp_path


def promote(models, word):
    folder = make(models.parent / f"made-{word}", word)
    with opened(models) as registry:
        registry.settle()
        return registry.promote(folder, {"figures": {"all": 0.9}})


@pytest.fixture
def promoted(tmp_path):
    models = tmp_path / "models"
    make(models / "tagger", "first")
    before = digests(models / "tagger")
    promote(models, "second")
    return models, before


def test_the_model_found_in_use_is_the_first_champion(models):
    registry = Registry(models)
    assert "is the champion" in registry.settle()
    assert registry.champion == model_digest(models / "tagger")
    assert digests(registry.archived(registry.champion)) == digests(models / "tagger")
    assert Registry(models).settle() is None


def test_promotion_installs_every_byte_and_keeps_the_old_model(promoted):
    models, before = promoted
    registry = Registry(models)
    entry = registry.entry(registry.champion)
    assert digests(models / "tagger") == entry["files"] == digests(models.parent / "made-second")
    old = registry.entry(entry["replaces"])
    assert (old["status"], entry["status"]) == ("retired", "champion")
    assert digests(registry.archived(old["id"])) == before
    assert entry["name"] == f"tagger-{entry['id'][:12]}"


def test_rollback_restores_the_bytes(promoted, capsys):
    models, before = promoted
    assert rollback.main(["--models", str(models)]) == 0
    assert digests(models / "tagger") == before
    registry = Registry(models)
    assert [one["status"] for one in registry.entries] == ["champion", "rolled_back"]
    assert [e["what"] for e in registry.events] == ["adopted", "promoted", "rolled back to"]
    assert rollback.main(["--models", str(models)]) == 2
    assert "is the first" in capsys.readouterr().err
    assert digests(models / "tagger") == before


def test_any_promoted_model_can_be_brought_back_and_the_way_back_stays(promoted):
    models, before = promoted
    promote(models, "third")
    first, second = (one["id"] for one in Registry(models).entries[:2])
    with opened(models) as registry:
        registry.roll_back(first[:8])
    assert digests(models / "tagger") == before
    with opened(models) as registry:
        registry.roll_back(second)
        assert registry.roll_back()["id"] == first
    assert digests(models / "tagger") == before


def test_a_refused_candidate_changes_nothing_but_the_registry(promoted):
    models, _ = promoted
    before = digests(models / "tagger")
    folder = make(models.parent / "bad", "bad")
    with opened(models) as registry:
        entry = registry.refuse(folder, {"comparison": {"reasons": ["worse"]}})
    registry = Registry(models)
    assert digests(models / "tagger") == before
    assert registry.champion != entry["id"]
    assert registry.entry(entry["id"])["status"] == "refused"
    assert registry.entry(entry["id"])["files"] == digests(folder)
    with pytest.raises(TrainingError) as refused:
        registry.roll_back(entry["id"])
    assert refused.value.code == "training.never_promoted"


def test_a_candidate_that_was_champion_keeps_its_entry_when_refused(promoted):
    models, _ = promoted
    with opened(models) as registry:
        registry.refuse(models.parent / "made-second", {})
    assert [one["status"] for one in Registry(models).entries] == ["retired", "champion"]


def test_a_damaged_archive_is_not_installed(promoted, capsys):
    models, _ = promoted
    now = digests(models / "tagger")
    registry = Registry(models)
    (registry.archived(registry.entries[0]["id"]) / "model.onnx").write_bytes(b"rot")
    assert rollback.main(["--models", str(models)]) == 2
    assert "training.archive_damaged" in capsys.readouterr().err
    assert digests(models / "tagger") == now
    assert Registry(models).champion == registry.champion


def test_a_kill_between_registry_and_folder_is_made_good(promoted):
    models, before = promoted
    now = digests(models / "tagger")
    first = Registry(models).entries[0]["id"]
    shutil.rmtree(models / "tagger")
    shutil.copytree(Registry(models).archived(first), models / "tagger")  # the registry says second
    assert "finished what was cut short" in Registry(models).settle()
    assert digests(models / "tagger") == now
    shutil.rmtree(models / "tagger")  # killed between two renamings
    assert "brought back" in Registry(models).settle()
    assert digests(models / "tagger") == now
    assert before != now


def test_a_model_put_there_by_hand_becomes_the_champion(promoted):
    models, _ = promoted
    shutil.rmtree(models / "tagger")
    make(models / "tagger", "by hand")
    with opened(models) as registry:
        registry.settle()
        assert registry.champion == model_digest(models / "tagger")
        registry.roll_back()
    assert digests(models / "tagger") == digests(models.parent / "made-second")


def test_one_command_at_a_time(models):
    with opened(models), pytest.raises(TrainingError, match="Another training"), opened(models):
        pass


@pytest.mark.parametrize("words", ["", "[]", '{"champion": null}'])
def test_a_broken_registry_is_refused_with_what_to_do(models, words):
    (models / "registry.json").write_text(words, "utf-8")
    with pytest.raises(TrainingError, match="move it away"):
        Registry(models)


def test_no_champion_no_rollback(tmp_path):
    with pytest.raises(TrainingError, match="no champion yet"):
        Registry(tmp_path).roll_back()
    assert json.dumps(Registry(tmp_path).entries) == "[]"
