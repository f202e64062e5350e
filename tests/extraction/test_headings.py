from extraction.forms import load_forms
from extraction.headings import all_cells, heading, table_title, title


def test_every_cell_of_every_form_once_in_the_forms_order():
    keys = all_cells()
    assert len(set(keys)) == len(keys)
    assert set(keys) == {key for grid in load_forms().grids.values() for key in grid.keys}
    for grid in load_forms().grids.values():
        places = [keys.index(key) for key in grid.keys]
        assert places == sorted(places), grid


def test_titles():
    assert table_title("disclosure.art20_5") == "第二十条第（五）项"
    assert title("applications", "row", "refused.state_secret") == "不予公开：1.属于国家秘密"
    assert title("applications", "row", "no_such_row") == "no_such_row"


def test_a_heading_tells_the_one_generation_that_has_the_cell():
    assert heading("review/reconsideration/total") == "政府信息公开行政复议、行政诉讼情况｜行政复议｜总计"
    assert heading("disclosure.art20_9/procurement/items").endswith(
        "政府集中采购｜采购项目数量〔2019年式样〕"
    )
    assert heading("disclosure.art20_8/fees/amount").endswith("〔2021年式样〕")
