"""What a clerk writes about the numbers of a sheet: five voices, and one false number where it is asked for."""

from __future__ import annotations

from collections.abc import Callable

from tests.rendering.sheets import Sheet

Say = dict[str, int]


def said_of(sheet: Sheet) -> Say:
    """The numbers that the prose speaks of."""

    def cell(key: str) -> int:
        return int(sheet.cells.get(key) or 0)

    def group(prefix: str) -> int:
        return sum(
            int(v or 0)
            for k, v in sheet.cells.items()
            if k.startswith(f"applications/{prefix}") and k.endswith("/total")
        )

    return {
        "received": cell("applications/new/total"),
        "carried_in": cell("applications/carried_in/total"),
        "completed": cell("applications/total/total"),
        "granted": cell("applications/granted/total"),
        "partial": cell("applications/partial/total"),
        "refused": group("refused."),
        "unavailable": group("unavailable."),
        "not_processed": group("not_processed."),
        "carried_out": cell("applications/carried_out/total"),
        "natural": cell("applications/new/natural_person"),
        "reconsiderations": cell("review/reconsideration/total"),
        "lawsuits": cell("review/lawsuit_direct/total") + cell("review/lawsuit_after_reconsideration/total"),
    }


def _plain(s: Say) -> str:
    return (
        f"全年收到政府信息公开申请{s['received']}件，上年结转{s['carried_in']}件；共办结{s['completed']}件，"
        f"其中予以公开{s['granted']}件，部分公开{s['partial']}件，不予公开{s['refused']}件，"
        f"无法提供{s['unavailable']}件。结转下年度继续办理{s['carried_out']}件。"
        f"因政府信息公开引发行政复议{s['reconsiderations']}件、行政诉讼{s['lawsuits']}件。"
    )


def _listed(s: Say) -> str:
    return (
        f"1.收到申请：{s['received']}件。\n2.上年结转：{s['carried_in']}件。\n3.办理答复：{s['completed']}件。\n"
        f"4.不予处理：{s['not_processed']}件。\n5.行政复议：{s['reconsiderations']}件。\n6.行政诉讼：{s['lawsuits']}件。"
    )


def _wordy(s: Say) -> str:
    return (
        f"在依申请公开方面，本机关坚持便民原则，{s['received']}件申请均由专人登记，其中自然人申请{s['natural']}件。"
        f"连同上年度结转的{s['carried_in']}件，本年度共答复{s['completed']}件，另有{s['carried_out']}件转入下一年度。"
        f"全年被申请行政复议{s['reconsiderations']}起，被提起行政诉讼{s['lawsuits']}起。"
    )


def _late(s: Say) -> str:
    return (
        f"依申请公开工作平稳有序：新收申请{s['received']}件，答复{s['completed']}件"
        f"（予以公开{s['granted']}件、部分公开{s['partial']}件），不予公开的有{s['refused']}件。"
        f"行政复议案件{s['reconsiderations']}件，行政诉讼案件{s['lawsuits']}件。"
    )


def _terse(s: Say) -> str:
    return (
        f"年内受理申请{s['received']}件，办结{s['completed']}件，结转下年{s['carried_out']}件。"
        f"发生行政复议{s['reconsiderations']}件，行政诉讼{s['lawsuits']}件。"
    )


VOICES: tuple[Callable[[Say], str], ...] = (_plain, _listed, _wordy, _late, _terse)
