"""The code list: parents, years, and that it loads fast enough to be loaded on need."""

from __future__ import annotations

import time

from extraction.recognise import gazetteer
from extraction.recognise.gazetteer import leading, named, parent


def test_a_name_through_the_years():
    assert [d.code for d in named("洪泽县", 2010)] == ["320829"]
    assert [d.code for d in named("洪泽区", 2020)] == ["320813"]
    assert [d.code for d in named("襄樊市", 2020)] == ["420600"]  # gone, still known
    assert {d.code for d in named("鼓楼区", 2020)} == {"320106", "320302", "350102", "410204"}
    assert named("青禾县", 2020) == []


def test_parents():
    (county,) = named("鲁山县", 2019)
    city, province = parent(county, "city", 2019), parent(county, "province", 2019)
    assert (city.name, province.name) == ("平顶山市", "河南省")
    assert county.within(city)
    assert county.within(province)
    assert not city.within(county)
    assert parent(named("襄城区", 2008)[0], "city", 2008).name == "襄樊市"
    assert parent(named("仙桃市", 2020)[0], "city", 2020) is None


def test_no_heading_of_the_list_is_a_place():
    for name in ("市辖区", "县", "直辖县", "省直辖县级行政区划"):
        assert named(name, 2020) == []


def test_longest_front():
    assert leading("双江拉祜族佤族布朗族傣族自治县人民政府") == "双江拉祜族佤族布朗族傣族自治县"
    assert leading("青禾县教育局") is None


def test_it_loads_fast():
    best = 1.0
    for _ in range(3):
        gazetteer._lines.cache_clear()
        begun = time.perf_counter()
        named("鲁山县", 2019)
        best = min(best, time.perf_counter() - begun)
    assert best < 0.05  # some 4 ms on an idle core
