"""What the tagger must beat: keyword rules and a character CRF, behind the same interface."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pycrfsuite

from annotations.bank.markup import Mark
from extraction.narrative.sentences import cut, split_sentences
from extraction.narrative.tagger import Span
from extraction.normalise import normalise
from training.examples import Example, Labelled, examples_of

_NUMERAL = "零一二两三四五六七八九十百千万"
_MEASURE = (
    "个百分点|人次|批次|条次|场次|家次|件次|"
    "条|件|次|份|期|人|篇|处|名|张|场|项|元|封|宗|起|册|轮|家|则|部|批|本|块|版|幅|个|%"
)
_FIGURE = re.compile(
    rf"(?:近|超过|约)?(?:[0-9][0-9,.]*[ ]*[万亿]?|[{_NUMERAL}]+)[ ]*[余多]?[ ]*(?:{_MEASURE})(?:以上|左右)?"
)
_ZERO = re.compile(
    r"(?:未|无|没有|不)[^,。;0-9]{0,12}?(申请|行政复议|行政诉讼|复议|诉讼|责任追究|问责|费用|收费)(?:[、和或及](行政诉讼|诉讼|复议))?"
)
_NOT = re.compile(r"[0-9]{4}年|第[0-9]+|[0-9]+号|[0-9]+月|[0-9]+日")
# Ordered: the first whose words stand in the clause before the number (nearest clause first) wins.
_RULES: tuple[tuple[str, str], ...] = (
    ("rate.change", r"(?:增长|下降|增加|减少|上升|降低|提高|同比)[^,。]{0,8}$"),
    ("rate.completion", r"(?:率|占)[^,。]{0,8}$"),
    ("applications.carried_in", r"上年.{0,4}结转|结转.{0,3}本年"),
    ("applications.carried_out", r"结转.{0,4}下|下年"),
    ("applications.partial", r"部分公开"),
    ("applications.refused", r"不予公开"),
    ("applications.not_processed", r"不予处理|重复申请"),
    ("applications.unavailable", r"不存在|无法提供|不掌握"),
    ("applications.granted", r"予以公开|同意公开"),
    ("applications.other_outcome", r"其他处理|撤回|撤销申请|逾期"),
    ("applications.breakdown", r"自然人|法人|当面|信函|网络申请|邮寄|传真"),
    ("applications.fees", r"收取|费用|收费"),
    ("review.reconsideration_outcome", r"复议.*(?:维持|纠正|审结)|维持|纠正"),
    ("review.reconsiderations", r"复议"),
    ("review.lawsuits", r"诉讼"),
    ("applications.completed", r"(?:办结|答复|办理)[^,。]{0,6}$"),
    ("applications.received", r"申请"),
    ("interaction.proposals", r"建议|提案"),
    ("interaction.consultations", r"征集|意见征"),
    ("interaction.replies", r"(?:回复|办结|答复)[^,。]{0,6}$"),
    ("interaction.messages", r"来信|留言|咨询|信件|热线|投诉|工单"),
    ("supervision.training_participants", r"参训|培训[^,。]{0,6}人|参加"),
    ("supervision.training_sessions", r"培训|推进会|业务会"),
    ("supervision.rectification_orders", r"整改通知|督办单|提示函|提醒函|责令整改|交办单"),
    ("supervision.problems", r"问题|错链|错别字"),
    ("supervision.accountability", r"问责|追究|约谈"),
    ("supervision.inspections", r"检查|抽查|通报|考核|督查|监测"),
    ("supervision.staff", r"专职|兼职|工作人员|联络员|监督员"),
    ("platform.accounts_closed", r"关停|注销|整合"),
    ("platform.gazette_issues", r"公报.{0,6}$"),
    ("disclosure.gazette", r"公报"),
    ("platform.columns", r"栏目|专栏|专题"),
    ("platform.access_points", r"查阅点|查阅|专区"),
    ("platform.visits", r"访问|浏览|点击|阅读|关注|粉丝"),
    ("platform.catalogue_items", r"目录|清单|指引"),
    ("disclosure.press_conferences", r"发布会|访谈"),
    ("disclosure.interpretations", r"解读"),
    ("disclosure.wechat", r"微信"),
    ("disclosure.weibo", r"微博"),
    ("disclosure.new_media", r"新媒体|抖音|头条|客户端|短视频"),
    ("disclosure.documents", r"规范性文件|文件"),
    ("disclosure.website", r"网站|门户|网"),
    ("disclosure.other_channel", r"公开栏|公告栏|广播|电视|报刊|报纸|其他方式|显示屏"),
    ("platform.accounts", r"账号|公众号"),
    ("disclosure.category", r"类|动态|信息$|财政|扶贫|处罚|许可"),
    ("disclosure.total", r"公开.{0,12}信息|主动公开"),
)
_COMPILED = tuple((label, re.compile(words)) for label, words in _RULES)


class Rules:
    """Keyword rules: a number with a measure word takes the label of the nearest keyword before it."""

    def tag(self, text: str, *, year: int | None = None) -> list[Span]:
        """The figures of ``text``."""
        plain = normalise(text)
        found: list[Span] = []
        for start, end in split_sentences(text):
            sentence = plain[start:end]
            taken = [m.span() for m in _NOT.finditer(sentence)]
            for m in _FIGURE.finditer(sentence):
                if any(a < m.end() and m.start() < b for a, b in taken):
                    continue
                label = _label(sentence[: m.start()])
                if label:
                    found.append(Span(start + m.start(), start + m.end(), label, False, 1.0, True))
            for m in _ZERO.finditer(sentence):
                found += [_zero(start, m, group) for group in (1, 2) if m[group]]
        return _without_overlaps(found)


def _zero(start: int, m: re.Match[str], group: int) -> Span:
    label = {"申": "applications.received", "费": "applications.fees", "收": "applications.fees"}.get(
        m[group][0]
    )
    if label is None:
        label = "review.reconsiderations" if "复议" in m[group] else "review.lawsuits"
        if "诉讼" not in m[group] and "复议" not in m[group]:
            label = "supervision.accountability"
    return Span(start + m.start(group), start + m.end(group), label, False, 1.0, True)


def _label(before: str) -> str | None:
    clauses = re.split(r"[,;:、]", before)
    for depth in range(1, min(4, len(clauses)) + 1):
        clause = clauses[-depth]
        for label, words in _COMPILED:
            if words.search(clause):
                return label
    return None


def _without_overlaps(spans: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, s.start - s.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _features(text: str, start: int, end: int) -> list[list[str]]:
    """Character features: windows of characters and pairs, digits folded, the last keyword-like words."""
    folded = re.sub(r"[0-9]", "0", normalise(text))
    padded = "^" * 8 + folded + "$" * 8
    out = []
    for i in range(start, end):
        at = i + 8
        row = [f"{d}={padded[at + d]}" for d in range(-6, 7)]
        row += [f"p{d}={padded[at + d : at + d + 2]}" for d in range(-5, 5)]
        row += [f"t{d}={padded[at + d : at + d + 3]}" for d in (-4, -3, -2, 0, 1)]
        run_start = i
        while run_start > 0 and folded[run_start - 1] in "0,. ":
            run_start -= 1
        row += [f"r{d}={padded[run_start + 8 - d : run_start + 8]}" for d in (2, 3, 4)]
        row += [
            f"b={c}"
            for c in set(re.findall(r"[\u4e00-\u9fff]{2}", folded[max(0, run_start - 24) : run_start]))
        ]
        out.append(row)
    return out


class CharacterCRF:
    """A linear-chain CRF over characters (CRFsuite), trained on the same stretches as the tagger."""

    def __init__(self, path: str) -> None:
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open(path)

    @classmethod
    def train(cls, units: Sequence[Labelled], path: str, *, rounds: int = 8) -> CharacterCRF:
        """Train with the averaged perceptron and write the model to ``path``."""
        trainer = pycrfsuite.Trainer(algorithm="ap", verbose=False)
        trainer.set_params({"max_iterations": rounds})
        for unit in units:
            for example in examples_of(unit):
                trainer.append(_features(example.text, example.start, example.end), _tags(example))
        trainer.train(path)
        return cls(path)

    def tag(self, text: str, *, year: int | None = None) -> list[Span]:
        """The figures of ``text``."""
        found: list[Span] = []
        for s in cut(text):
            piece = text[s.begin : s.stop]
            tags = self._tagger.tag(_features(piece, s.start - s.begin, s.end - s.begin))
            found += [
                Span(s.start + m.start, s.start + m.end, m.label, m.prior, 1.0, True) for m in _marks(tags)
            ]
        return found


def _tags(example: Example) -> list[str]:
    tags = ["O"] * len(example.text)
    for mark in example.marks:
        tags[mark.start : mark.end] = [f"I-{mark.label}"] * (mark.end - mark.start)
        tags[mark.start] = f"B-{mark.label}"
    return tags[example.start : example.end]


def _marks(tags: Sequence[str]) -> list[Mark]:
    marks: list[Mark] = []
    for i, tag in enumerate(tags):
        if tag.startswith("B-"):
            end = i + 1
            while end < len(tags) and tags[end] == "I-" + tag[2:]:
                end += 1
            marks.append(Mark(tag[2:], i, end))
    return marks
