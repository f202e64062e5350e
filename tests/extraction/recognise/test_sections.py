"""Sections: every heading variant, and the traps of real pages, with fictional text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.normalise import normalise
from extraction.recognise.outline import outline
from extraction.recognise.sections import find_structure

VARIANTS = {
    "overview": [
        "总体情况",
        "总体工作情况",
        "政府信息公开工作总体情况",
        "2025年政务公开工作总体情况",
        "概述",
    ],
    "disclosure": [
        "主动公开政府信息情况",
        "主动公开政府信息的情况",
        "行政机关主动公开政府信息情况",
        "本年度主动公开政府信息情况",
    ],
    "applications": [
        "收到和处理政府信息公开申请情况",
        "收到和处理政府信息公开申请的情况",
        "收到和处理政府信息公开申请情况统计表",
        "行政机关收到和处理信息公开申请情况",
        "收到和处理政府信息公开申请情况（数据准确、要素齐全）",
    ],
    "review": [
        "政府信息公开行政复议、行政诉讼情况",
        "因政府信息公开工作被申请行政复议、提起行政诉讼情况",
        "被申请行政复议、提起行政诉讼情况",
        "行政复议和行政诉讼情况",
    ],
    "problems": [
        "存在的主要问题及改进情况",
        "存在问题及改进措施",
        "政府信息公开工作存在的主要问题及改进情况",
    ],
    "other": ["其他需要报告的事项"],
}
BODY = {
    "overview": "本年度，我县围绕中心工作推进政务公开，各项工作平稳有序。\n"
    "（一）主动公开情况\n全年公开信息五十条。",
    "disclosure": "第二十条第（一）项\n信息内容\t本年制发件数\t本年废止件数\n"
    "规章\t0\t0\n行政规范性文件\t2\t1",
    "applications": "申请人情况\n自然人\n一、本年新收政府信息公开申请数量\t1\n"
    "二、上年结转政府信息公开申请数量\t0\n"
    "三、本年度办理结果\n（六）其他处理\n3.其他\t0\n四、结转下年度继续办理\t0",
    "review": "行政复议\t行政诉讼\n结果维持\t结果纠正\t其他结果\t尚未审结\n0\t0\t0\t0",
    "problems": "一是队伍建设有待加强，二是公开内容不够丰富。下一步将加强培训。",
    "other": "无其他需要报告的事项。",
}
ORDINALS = [
    lambda n: f"{'一二三四五六七'[n]}、",
    lambda n: f"{'一二三四五六七'[n]}.",
    lambda n: f"{'一二三四五六七'[n]}．",
    lambda n: f"{n + 1}、",
    lambda n: f"{n + 1}.",
    lambda n: f"{'一二三四五六七'[n]} 、 ",
    lambda n: "",
]
TITLE = "青禾县人民政府2022年政府信息公开工作年度报告"
FURNITURE = [
    "责任编辑：张三",
    "扫一扫在手机打开当前页",
    "【关闭当前页面】",
    "分享到：",
    "相关附件：",
    "上一篇：通知",
]


def structure(text):
    return find_structure(outline(normalise(text)), text)


def keys(text):
    return [s.key for s in structure(text).sections]


def report(headings, body=BODY, before="", after=""):
    """The text of a report with these headings, and where each heading begins."""
    text, starts = TITLE + "\n" + before, {}
    for key, heading in headings.items():
        starts[key] = len(text)
        text += f"{heading}\n{body[key]}\n"
    return text + after, starts


PLAIN = {key: f"{'一二三四五六'[n]}、{variants[0]}" for n, (key, variants) in enumerate(VARIANTS.items())}


@st.composite
def headings(draw):
    ordinal = draw(st.sampled_from(ORDINALS))
    shift = draw(st.integers(0, 1))
    mark = draw(st.sampled_from([("", ""), ("## ", ""), ("**", "**"), ("　　", ""), ("\xa0 ", " ")]))
    made = {}
    for n, (key, variants) in enumerate(VARIANTS.items()):
        words = draw(st.sampled_from(variants))
        if draw(st.booleans()):
            words = (words[:2] + " " + words[2:]).strip()
        made[key] = (mark[0], ordinal(n + shift) + words, mark[1])
    return made


@settings(max_examples=150, deadline=None)
@given(
    headings(),
    st.lists(st.sampled_from(FURNITURE), max_size=4),
    st.sampled_from(["", "发布时间：2023-01-20 字号：大 中 小\n分享到：\n", "首页 > 政务公开 > 年报\n"]),
)
def test_variants_are_found_where_they_stand(made, after, before):
    text = TITLE + "\n" + before
    starts, titles = [], []
    for key, (left, heading, right) in made.items():
        starts.append(len(text) + len(left))
        titles.append(heading)
        text += f"{left}{heading}{right}\n{BODY[key]}\n"
    end = len(text) - 1
    text += "\n" + "\n".join(after)
    found = structure(text).sections
    assert [s.key for s in found] == list(VARIANTS)
    assert [s.start for s in found] == starts
    assert [s.title for s in found] == titles
    assert [s.end for s in found] == [*starts[1:], end]
    assert structure(text).findings == ()


def test_second_ordinals_inside_a_section():
    body = {
        **BODY,
        "overview": "一、机构建设方面\n成立了领导小组。\n二、信息公开方面\n（一）主动公开政府信息情况\n"
        "公开平稳。\n三、便民服务\n服务周到。",
        "problems": "一、存在问题\n认识不足，队伍不稳。\n二、工作打算\n加强培训。",
    }
    text, starts = report(PLAIN, body, after="七、附件\n无")
    found = structure(text)
    assert [s.start for s in found.sections] == list(starts.values())
    assert found.findings == ()
    assert found.sections[-1].end == len(text)


@pytest.mark.parametrize("suffix", ["", "……1", "...........12", " 3"])
def test_contents_page(suffix):
    contents = "目录\n" + "".join(f"{h}{suffix}\n" for h in PLAIN.values()) + "\n"
    text, starts = report(PLAIN, before=contents)
    assert [s.start for s in structure(text).sections if s.title] == list(starts.values())


def test_preamble_that_names_all_headings():
    preamble = (
        "本报告按照条例要求编制，由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、存在的主要问题及改进情况、"
        "其他需要报告的事项组成。\n"
    )
    text, starts = report(PLAIN, before=preamble)
    found = structure(text).sections
    assert [s.key for s in found] == ["preamble", *VARIANTS]
    assert (found[0].start, found[0].end) == (len(TITLE) + 1, starts["overview"])
    assert found[0].title == ""


@pytest.mark.parametrize("lost", list(VARIANTS))
def test_a_lost_heading_costs_only_itself(lost):
    kept = {k: h for k, h in PLAIN.items() if k != lost}
    text, starts = report(kept)
    assert {s.key: s.start for s in structure(text).sections if s.title} == starts


def test_overview_without_heading():
    kept = {k: h for k, h in PLAIN.items() if k != "overview"}
    text, _ = report(kept, before="本年度，我县扎实推进政务公开，成效明显，群众满意。" * 20 + "\n")
    assert structure(text).sections[0].key == "overview"
    assert structure(text).sections[0].title == ""


def test_problems_with_only_a_sub_heading_left():
    text, starts = report({**PLAIN, "problems": "（一）主要问题"})
    assert {s.key: s.start for s in structure(text).sections} == starts


def test_heading_run_into_its_paragraph():
    text = report(PLAIN)[0].replace("五、存在的主要问题及改进情况\n", "五、存在的主要问题及改进情况。")
    found = {s.key: s for s in structure(text).sections}
    assert list(found) == list(VARIANTS)
    assert found["problems"].title == "五、存在的主要问题及改进情况。"


@pytest.mark.parametrize(
    ("key", "broken"),
    [
        ("applications", "三、收到和处理政府信息公开申\n请情况"),
        ("review", "四、因政府信息公开工作被申请行政复\n议、提起行政诉讼情况"),
        ("disclosure", "二、主动公开政府信\n息情况"),
    ],
)
def test_heading_broken_over_two_lines(key, broken):
    text, starts = report({**PLAIN, key: broken})
    found = {s.key: s for s in structure(text).sections}
    assert {k: s.start for k, s in found.items()} == starts
    assert found[key].title == broken.replace("\n", "")


def test_radicals_and_traditional_characters():
    text, starts = report({**PLAIN, "overview": "⼀、總體情況", "disclosure": "⼆、主動公開政府信息情況"})
    found = structure(text).sections
    assert [s.start for s in found] == list(starts.values())
    assert found[0].title == "⼀、總體情況"


def test_titles_out_of_order_and_doubled_are_said():
    order = ["overview", "disclosure", "review", "applications", "problems", "other"]
    text, _ = report({k: PLAIN[k] for k in order})
    assert [f.check for f in structure(text).findings] == ["titles.order"]
    text, _ = report(
        PLAIN, {**BODY, "problems": BODY["problems"] + "\n" + PLAIN["problems"] + "\n还有不足，正在改。"}
    )
    assert [f.check for f in structure(text).findings] == ["titles.doubled"]


def test_nothing_in_ordinary_prose():
    assert keys("青禾县召开会议，研究主动公开政府信息情况。\n存在的问题很多，需要改进。") == []


def test_time_grows_with_length_only():
    text = report(PLAIN)[0].replace("规章", "主动公开\n存在问题 其他事项 收到|" * 50_000 + "规章")
    assert set(VARIANTS) >= set(keys(text))
