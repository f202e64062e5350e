"""Who and when: titles, units, levels, places, years, days; and what is refused."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from extraction.document import Document
from extraction.errors import NotAReport
from extraction.normalise import normalise
from extraction.reading import read_document
from extraction.recognise import recognise

BODY = "\n一、总体情况\n2022年，各项工作平稳。\n二、主动公开政府信息情况\n第二十条第（一）项\n信息内容\n"
BODY += "三、收到和处理政府信息公开申请情况\n申请人情况\n四、政府信息公开行政复议、行政诉讼情况\n结果维持\n"
BODY += "五、存在的主要问题及改进情况\n有不足。\n六、其他需要报告的事项\n无\n"
CORPUS = Path(__file__).parents[4] / "shared/corpus"


def identity(text, **metadata):
    return recognise(Document(text, "text/plain", "utf-8", metadata=metadata), "a.txt")


@pytest.mark.parametrize(
    ("title", "name", "year"),
    [
        ("青禾县人民政府2022年政府信息公开工作年度报告", "青禾县人民政府", 2022),
        ("青禾县人民政府 2022 年政府信息公开工作 年度报告", "青禾县人民政府", 2022),
        ("青禾县人民政府\n2022 年政府信息公开工作年度报告", "青禾县人民政府", 2022),
        ("青禾县人民政府\n2022年政府信息公开工作\n年度报告", "青禾县人民政府", 2022),
        ("关于青禾县教育局2022年度政府信息公开工作年度报告", "青禾县教育局", 2022),
        ("2022年度北桥乡政府信息公开年度报告", "北桥乡", 2022),
        ("北桥镇人民政府信息公开年报（2022年）", "北桥镇人民政府", 2022),
        ("青禾县2022年政府信息公开年度报告汇总", "青禾县", 2022),
        ("青禾县政府信息公开2022年度报告", "青禾县", 2022),
        ("柳湾街道办事处二〇二二年政府信息公开工作年度报告", "柳湾街道办事处", 2022),
        ("青禾经济开发区管委会2022年政务公开工作年度报告", "青禾经济开发区管委会", 2022),
        ("标题：青禾县2022年政府信息公开工作年度报告\n青禾县2022年政府信息公开工作年度报告", "青禾县", 2022),
        ("2022年政府信息公开工作年度报告（青禾县司法局）", "青禾县司法局", 2022),
        ("青禾縣⼈⺠政府2022年政府信息公開工作年度報告", "青禾县人民政府", 2022),
        ("首页 政务公开 政府信息公开年报\n青禾县审计局2022年政府信息公开年报", "青禾县审计局", 2022),
    ],
)
def test_titles(title, name, year):
    found = identity(title + BODY)
    assert (found.unit.name, found.year) == (name, year)
    assert found.findings == ()


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("青禾县人民政府", "county"),
        ("青禾自治旗人民政府", "county"),
        ("昆山市人民政府", "county"),
        ("苏州市人民政府", "city"),
        ("河南省人民政府", "province"),
        ("北京市人民政府", "province"),
        ("北桥镇人民政府", "township"),
        ("柳湾街道办事处", "township"),
        ("昆山市北桥镇", "township"),
        ("苏州市公安局", "department"),
        ("河南省教育厅", "department"),
        ("青禾县人民政府办公室", "department"),
        ("青禾经济开发区管理委员会", "other"),
    ],
)
def test_levels(name, level):
    assert identity(f"{name}2022年政府信息公开工作年度报告" + BODY).unit.level == level


@pytest.mark.parametrize(
    ("name", "year", "place"),
    [
        ("昆山市人民政府", 2022, ("江苏省", "苏州市", "昆山市", "320583")),
        ("苏州市昆山市教育局", 2022, ("江苏省", "苏州市", "昆山市", "320583")),
        ("河南省人民政府", 2022, ("河南省", None, None, "410000")),
        ("苏州市公安局", 2022, ("江苏省", "苏州市", None, "320500")),
        ("海淀区人民政府", 2022, ("北京市", None, "海淀区", "110108")),
        ("仙桃市人民政府", 2022, ("湖北省", None, "仙桃市", "429004")),
        ("洪泽县人民政府", 2014, ("江苏省", "淮安市", "洪泽县", "320829")),
        ("莱芜市人民政府", 2016, ("山东省", "莱芜市", None, "371200")),
        ("南京市鼓楼区人民政府", 2022, ("江苏省", "南京市", "鼓楼区", "320106")),
        ("青禾县人民政府", 2022, (None, None, None, None)),
        ("河南省青禾县人民政府", 2022, ("河南省", None, None, None)),
    ],
)
def test_places(name, year, place):
    unit = identity(f"{name}{year}年政府信息公开工作年度报告" + BODY).unit
    if name.endswith(
        "青禾县人民政府"
    ):  # a fictional county has no code, whatever province it is said to lie in
        assert (unit.province, unit.city, unit.county) == place[:3]
        assert unit.level == "county"
    else:
        assert (unit.province, unit.city, unit.county, unit.division_code) == place


def test_an_ambiguous_county_needs_the_page():
    title = "鼓楼区人民政府2022年政府信息公开工作年度报告"
    found = identity(title + BODY)
    assert found.unit.division_code is None
    assert [f.check for f in found.findings] == ["unit.ambiguous"]
    found = identity("首页 徐州市人民政府\n" + title + BODY)
    assert (found.unit.division_code, found.unit.city) == ("320302", "徐州市")
    assert found.findings == ()


def test_a_fictional_county_takes_the_places_the_page_names():
    found = identity("首页 苏州市 青禾县\n青禾县人民政府2022年政府信息公开工作年度报告" + BODY)
    assert (found.unit.province, found.unit.city, found.unit.division_code) == ("江苏省", "苏州市", None)


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("发布机构：青禾县人民政府\n青禾县2022年政府信息公开工作年度报告", "青禾县人民政府"),
        ("青禾县2022年政府信息公开工作年度报告\n由青禾县人民政府办公室编制。", "青禾县"),
        ("信息来源:\n\n青禾县人民政府\n\n2022年政府信息公开工作年度报告", "青禾县人民政府"),
        ("来源：本站 发布机构：青禾县水利局\n2022年政府信息公开工作年度报告", "青禾县水利局"),
    ],
)
def test_the_page_names_what_the_title_does_not(page, name):
    assert identity(page + BODY).unit.name == name


def test_signature_names_unit_and_day():
    found = identity("2022年政府信息公开工作年度报告" + BODY + "\n        青禾县司法局\n   2023年1月9日\n")
    assert (found.unit.name, found.published) == ("青禾县司法局", "2023-01-09")
    found = identity("2022年政府信息公开工作年度报告" + BODY + "二〇二三年一月二十日")
    assert (found.unit.name, found.published) == (None, "2023-01-20")


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("发布时间：2023-01-20 10:20", "2023-01-20"),
        ("发布时间:\n\n2023-1-2 10:20", "2023-01-02"),
        ("| 发文日期 | 2023年1月20日 |", "2023-01-20"),
        ("成文日期：2023-01-05 发布日期：2023/01/20", "2023-01-20"),
        ("[发布日期] 2023.01.20", "2023-01-20"),
        ("发布时间：2023-13-40", None),
        ("", None),
    ],
)
def test_published(line, day):
    assert identity(f"{line}\n青禾县2022年政府信息公开工作年度报告" + BODY).published == day


def test_metadata_of_the_file_comes_second():
    found = identity(
        "青禾县" + BODY, title="青禾县2022年政府信息公开工作年度报告", PubDate="2023-01-20 08:00"
    )
    assert (found.unit.name, found.year, found.published) == ("青禾县", 2022, "2023-01-20")


def test_year_without_a_title():
    assert (
        identity("本报告统计期限为2021年1月1日至2021年12月31日。" + BODY.replace("2022年，", "")).year == 2021
    )
    assert identity("2023-01-20 http://qh.test/2024/a.html" + BODY).year == 2022


@pytest.mark.parametrize(
    "body",
    [
        BODY.replace("2022年，", "2021年，"),
        BODY.replace("2022年，", "统计期限自2021年1月1日起，"),
        BODY.replace(
            "2022年，", "各项工作平稳，2021年4月、2021年5月、2021年6月、2021年7月、2021年8月有进展，"
        ),
    ],
)
def test_stale_year(body):
    found = identity("青禾县2022年政府信息公开工作年度报告" + body)
    assert found.year == 2022
    assert [(f.check, f.severity, f.expected, f.actual) for f in found.findings] == [
        ("year.stale", "warning", 2022, 2021)
    ]


@pytest.mark.parametrize(
    "opening",
    ["2019年4月新条例公布以来，", "2022年，比2021年增长。2023年打算：2023年，2023年，2023年，2023年"],
)
def test_other_years_are_no_staleness(opening):
    assert identity("青禾县2022年政府信息公开工作年度报告" + BODY.replace("2022年，", opening)).findings == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("青禾县今日天气晴朗，气温二十度。", "report.none"),
        ("青禾县2022年政府信息公开工作年度报告解读\n今年公开信息五十条。", "report.digest"),
        ("一图读懂：青禾县2022年政府信息公开工作年度报告\n", "report.digest"),
        (
            "\n".join(f"青禾县{n}局2022年政府信息公开工作年度报告 2023-01-2{n}"[:-11] for n in range(5)),
            "report.list",
        ),
    ],
)
def test_refused(text, code):
    with pytest.raises(NotAReport) as caught:
        identity(text)
    assert (caught.value.code, caught.value.step) == (code, "recognise")


def test_a_report_cut_after_its_title_is_no_list():
    found = identity(
        "青禾县政府信息公开年报\n标题：青禾县2022年政府信息公开工作年度报告\n2022年政府信息公开工作年度报告\n"
    )
    assert (found.unit.name, [f.check for f in found.findings]) == ("青禾县", ["report.doubtful"])


def test_a_digest_that_holds_the_report_is_a_finding():
    found = identity("青禾县2022年政府信息公开工作年度报告解读" + BODY)
    assert [f.check for f in found.findings] == ["report.digest"]


def test_normal_form_is_handed_on():
    text = "青禾县2022年政府信息公开工作年度报告" + BODY
    assert identity(text).normal == normalise(text)


def test_a_million_pipes_pass_quickly():
    begun = time.perf_counter()
    found = identity(
        "青禾县2022年政府信息公开工作年度报告" + BODY.replace("信息内容", "信息内容" + "|" * 1_000_000)
    )
    assert len(found.sections) == 6
    assert time.perf_counter() - begun < 1.5


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the yardstick {CORPUS} is absent")
@pytest.mark.parametrize(
    "seed", ["beileng-2019", "luoning-2020", "lushan-2019", "xincai-2020", "yiyuan-2019"]
)
def test_real_reports(seed):
    path = CORPUS / f"seeds/{seed}.txt"
    gold = json.loads((CORPUS / f"gold/{seed}.json").read_text("utf-8"))
    found = recognise(read_document(path.read_bytes(), str(path)), str(path))
    assert (found.unit.name, found.year) == (gold["unit"], gold["year"])
    assert [s.key for s in found.sections if s.key != "preamble"] == [
        "overview",
        "disclosure",
        "applications",
        "review",
        "problems",
        "other",
    ]
    assert found.findings == ()
    if seed != "beileng-2019":  # that page does not say where 北冷乡 lies
        assert found.unit.division_code is not None
