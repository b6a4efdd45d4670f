"""What `sre load --json` says of a search."""

from slo.verdict import Verdict
from synthetic.edge.load.json_views import search_data
from synthetic.load.search import Try


def test_a_search_tells_its_result_and_how_it_came_to_it() -> None:
    tries = (Try(50.0, Verdict.PASS, ""), Try(100.0, Verdict.FAIL, "Latency"))
    assert search_data(tries) == {
        "holds_per_s": 50.0,
        "tries": [
            {"per_s": 50.0, "verdict": "PASS", "reason": ""},
            {"per_s": 100.0, "verdict": "FAIL", "reason": "Latency"},
        ],
    }
    assert search_data(tries[1:])["holds_per_s"] is None
