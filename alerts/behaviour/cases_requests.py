"""Alerts on requests: failing, slow, of one route, or no longer coming."""

from alerts.behaviour.case import STALE, Case, counter, gauge
from alerts.behaviour.worlds import API, known, requests, speeds
from alerts.names import OWN_CAUSE, TOTAL


def cases() -> dict[str, list[Case]]:
    """Return the cases by alert."""
    return {**_failing(), **_routes(), **_slow(), **_traffic()}


def _failing() -> dict[str, list[Case]]:
    def case(name: str, *story: tuple[float, float, int], fires: bool) -> Case:
        return requests(story, name=name, fires=fires)

    return {
        "ManyRequestsFail": [
            case("many fail, then well again", (600, 0, 5), (600, 0.39, 8), (600, 0, 12),
                 fires=True),
            case("just below", (600, 0, 5), (600, 0.36, 15), fires=False),
            case("enough failures at night", (1, 0, 5), (5.3, 0.5, 10), fires=True),
            case("too few failures at night", (1, 0, 5), (4.7, 0.5, 10), fires=False),
            case("at night it stays while a fifth fails", (9, 0, 20), (9, 1, 5), (9, 0.21, 40),
                 (9, 0, 30), fires=True),
            case("at night it ends below a fifth", (9, 0, 20), (9, 1, 5), (9, 0.19, 40),
                 fires=True),
            case("it stays where two minutes bring too few", (9.9, 0, 20), (9.9, 1, 5),
                 (9.9, 0.3, 40), fires=True),
            case("it ends where two minutes bring enough", (10.1, 0, 20), (10.1, 1, 5),
                 (10.1, 0.3, 40), fires=True),
            case("at night nothing begins at a fifth", (9, 0, 20), (9, 0.3, 40), fires=False),
            case("no traffic", (0, 0, 20), fires=False),
            requests([(600, 0, 5), (600, 1, 10)], name="the database is known to be lost",
                     fires=False, more=known(OWN_CAUSE, [(1, 15)])),
            requests([(9.9, 0, 20), (9.9, 1, 10)], name="a slower alert fires for the same",
                     fires=False, more=known("SparseRequestsFail", [(1, 30)])),
            requests([(10.1, 0, 20), (10.1, 1, 10)], name="more requests than a night brings",
                     fires=True, more=known("SparseRequestsFail", [(1, 30)])),
        ],
        "ErrorRateVeryHigh": [
            case("over ten per cent, then well again", (600, 0, 5), (600, 0.105, 10),
                 (600, 0, 12), fires=True),
            case("just below", (600, 0, 5), (600, 0.096, 20), fires=False),
            case("for two minutes", (600, 0, 5), (600, 0.11, 2), (600, 0, 10), fires=False),
            case("enough failures as traffic falls", (60, 0, 20), (5.3, 0.2, 12), fires=True),
            case("too few failures as traffic falls", (60, 0, 20), (4.7, 0.2, 12), fires=False),
            case("just enough requests", (10.1, 0, 20), (10.1, 0.2, 20), fires=True),
            case("just too few requests", (9.9, 0, 20), (9.9, 0.2, 20), fires=False),
            case("fewer requests for a while", (20, 0, 20), (5.5, 0.2, 30), fires=True),
            case("no traffic", (0, 0, 20), fires=False),
        ],
        "ErrorRateHigh": [
            case("over five per cent, then well again", (600, 0, 5), (600, 0.0525, 12),
                 (600, 0, 25), fires=True),
            case("just below", (600, 0, 5), (600, 0.048, 20), fires=False),
            case("for three minutes", (600, 0, 5), (600, 0.055, 3), (600, 0, 10), fires=False),
            case("enough failures", (10.6, 0, 20), (10.6, 0.096, 30), fires=True),
            case("too few failures", (10.6, 0, 20), (10.6, 0.09, 30), fires=False),
            case("just enough requests", (10.1, 0, 20), (10.1, 0.104, 20), fires=True),
            case("just too few requests", (9.9, 0, 20), (9.9, 0.106, 20), fires=False),
            case("fewer requests for a while", (20, 0, 20), (11, 0.1, 5), (9, 0.12, 30),
                 fires=True),
            case("no traffic", (0, 0, 20), fires=False),
        ],
        "SparseRequestsFail": [
            case("the few requests fail, then well again", (0.5, 0, 90), (0.5, 1, 40),
                 (0.5, 0, 60), fires=True),
            case("a little more than a quarter fails", (0.5, 0, 90), (0.5, 0.26, 60), fires=True),
            case("a little less than a quarter fails", (0.5, 0, 90), (0.5, 0.24, 60),
                 fires=False),
            case("just too few requests for a shorter look", (9.9, 0, 90), (9.9, 0.3, 40),
                 fires=True),
            case("just enough requests for a shorter look", (10.1, 0, 90), (10.1, 0.3, 40),
                 fires=False),
            case("fewer requests for a while", (30, 0, 90), (5, 0.3, 60), fires=True),
            case("just enough failures", (0.5, 0, 130), (0.089, 1, 75), fires=True),
            case("just too few failures", (0.5, 0, 130), (0.078, 1, 75), fires=False),
            case("no traffic", (0, 0, 40), fires=False),
            requests([(0.5, 0, 90), (0.5, 1, 60)], name="after a page on the same trouble",
                     fires=True,
                     more=known("ManyRequestsFail", [(STALE, 90), (1, 10), (STALE, 50)])),
        ],
    }  # fmt: skip


def _routes() -> dict[str, list[Case]]:
    small = "/small"

    def case(name: str, *story: tuple[float, float, int], fires: bool) -> Case:
        return requests(story, name=name, fires=fires, route=small)

    return {
        "RouteFailing": [
            case("more than half fails, then well again", (60, 0, 5), (60, 0.53, 8), (60, 0, 12),
                 fires=True),
            case("a little less than half fails", (60, 0, 5), (60, 0.48, 15), fires=False),
            case("just enough failures", (1, 0, 5), (5.3, 1, 10), fires=True),
            case("just too few failures", (1, 0, 5), (4.7, 1, 10), fires=False),
            case("no traffic", (0, 0, 20), fires=False),
            requests([(60, 0, 5), (60, 1, 10)], name="the whole service is known to fail",
                     fires=False, route=small, more=known("ManyRequestsFail", [(1, 15)])),
            _with_another("another route fails as well, over a tenth in all", 790, fires=False),
            _with_another("another route fails as well, under a tenth in all", 830, fires=True),
        ],
        "RouteErrors": [
            case("over five per cent, then well again", (60, 0, 40), (60, 0.0525, 60),
                 (60, 0, 30), fires=True),
            case("just below", (60, 0, 40), (60, 0.048, 60), fires=False),
            case("bad, then just over five per cent", (60, 0, 40), (60, 0.3, 20),
                 (60, 0.0525, 40), fires=True),
            case("bad, then just below", (60, 0, 40), (60, 0.3, 20), (60, 0.048, 40), fires=True),
            case("for three minutes", (60, 0, 40), (60, 0.9, 3), (60, 0, 10), fires=False),
            case("just enough failures", (0.35, 0, 40), (0.35, 1, 50), fires=True),
            case("just too few failures", (0.32, 0, 40), (0.32, 1, 50), fires=False),
            case("no traffic", (0, 0, 50), fires=False),
            case("less traffic than before", (240, 0, 70), (60, 0.14, 60), fires=True),
        ],
    }  # fmt: skip


def _with_another(name: str, well: float, *, fires: bool) -> Case:
    """Return two routes that fail beside one with so many good requests a minute."""
    others = {
        f'requests{{{API},method="GET",route="/{route}",status="{status}"}}': counter(*story)
        for route, status, story in (
            ("other", "200", [(52, 5), (20, 10)]),
            ("other", "500", [(0, 5), (32, 10)]),
            ("list", "200", [(well, 15)]),
        )
    }
    story = [(60.0, 0.0, 5), (60.0, 1.0, 10)]
    return requests(story, name=name, fires=fires, route="/small", more=others)


def _slow() -> dict[str, list[Case]]:
    def case(name: str, *story: tuple[float, float, float, int], fires: bool) -> Case:
        return speeds(story, name=name, fires=fires)

    def route(name: str, *story: tuple[float, float, float, int], fires: bool) -> Case:
        return speeds(story, name=name, fires=fires, route="/small")

    return {
        "ManyRequestsSlow": [
            case("half are slow, then well again", (600, 0, 0, 5), (600, 0.52, 0.52, 2),
                 (600, 0, 0, 12), fires=True),
            case("a little less than half for two minutes", (600, 0, 0, 5), (600, 0.48, 0.48, 2),
                 (600, 0, 0, 12), fires=False),
            case("a little more than a quarter", (600, 0, 0, 5), (600, 0.26, 0.26, 10),
                 (600, 0, 0, 12), fires=True),
            case("a little less than a quarter", (600, 0, 0, 5), (600, 0.24, 0.24, 20),
                 fires=False),
            case("just enough at night", (1, 0, 0, 5), (5.3, 0.5, 0.5, 10), fires=True),
            case("just too few at night", (1, 0, 0, 5), (4.7, 0.5, 0.5, 10), fires=False),
            case("no traffic", (0, 0, 0, 20), fires=False),
        ],
        "ResponseTimeVeryHigh": [
            case("over five per cent, then well again", (600, 0, 0, 8), (600, 0.0525, 0.0525, 20),
                 (600, 0, 0, 30), fires=True),
            case("just below", (600, 0, 0, 8), (600, 0.048, 0.048, 20), fires=False),
            case("for a minute", (600, 0, 0, 8), (600, 0.2, 0.2, 1), (600, 0, 0, 12),
                 fires=False),
            case("just enough at night", (1, 0, 0, 8), (10.6, 0.1, 0.1, 30), fires=True),
            case("just too few at night", (1, 0, 0, 8), (9.4, 0.1, 0.1, 30), fires=False),
            case("no traffic", (0, 0, 0, 20), fires=False),
        ],
        "ResponseTimeHigh": [
            case("over five per cent, then well again", (600, 0, 0, 12), (600, 0.0525, 0, 25),
                 (600, 0, 0, 30), fires=True),
            case("just below", (600, 0, 0, 12), (600, 0.048, 0, 30), fires=False),
            case("for five minutes", (600, 0, 0, 12), (600, 0.2, 0, 3), (600, 0, 0, 20),
                 fires=False),
            case("just enough at night", (1, 0, 0, 12), (10.6, 0.1, 0, 40), fires=True),
            case("just too few at night", (1, 0, 0, 12), (9.4, 0.1, 0, 40), fires=False),
            case("no traffic", (0, 0, 0, 30), fires=False),
        ],
        "RouteSlow": [
            route("over a quarter, then well again", (60, 0, 0, 22), (60, 0.26, 0.26, 40),
                  (60, 0, 0, 30), fires=True),
            route("just below", (60, 0, 0, 22), (60, 0.24, 0.24, 40), fires=False),
            route("for two minutes", (60, 0, 0, 22), (60, 0.9, 0.9, 2), (60, 0, 0, 20),
                  fires=False),
            route("just enough", (1.05, 0, 0, 22), (1.05, 1, 1, 40), fires=True),
            route("just too few", (0.95, 0, 0, 22), (0.95, 1, 1, 40), fires=False),
            route("no traffic", (0, 0, 0, 40), fires=False),
            route("less traffic than before", (240, 0, 0, 30), (60, 0.6, 0.6, 30), fires=True),
            route("four minutes, seen over ten", (60, 0, 0, 22), (60, 0.7, 0.7, 4),
                  (60, 0, 0, 30), fires=True),
            route("four minutes of few", (3.2, 0, 0, 22), (3.2, 1, 1, 4), (3.2, 0, 0, 30),
                  fires=True),
        ],
    }  # fmt: skip


def _traffic() -> dict[str, list[Case]]:
    steady = f'requests{{{API},method="GET",route="/list",status="200"}}'

    def gone(up: str) -> dict[str, str]:
        return {steady: counter((60, 10), (STALE, 10), (60, 15)), f"up{{{API}}}": up}

    return {
        "TrafficVanished": [
            requests([(600, 0, 80), (0, 0, 20), (600, 0, 20)], fires=True,
                     name="nothing comes any more, then it does again"),
            requests([(60, 0, 80), (0, 0, 3), (60, 0, 20)], fires=False,
                     name="nothing for two minutes, where one a second comes"),
            requests([(600, 0, 80), (0, 0, 1), (600, 0, 20)], name="nothing for a minute",
                     fires=False),
            requests([(600, 0, 80), (12, 0, 30)], fires=False,
                     name="a little comes, and nobody knows what is usual"),
            requests([(12.6, 0, 80), (0, 0, 20)], name="just enough traffic before", fires=True),
            requests([(11.4, 0, 80), (0, 0, 20)], name="too little traffic before", fires=False),
            requests([(0, 0, 60)], name="there never was any", fires=False),
            Case("the service is down", {steady: counter((600, 80), (0, 15)),
                 f"up{{{API}}}": gauge((1, 80), (0, 15))}, 95, fires=False),
        ],
        "SeriesMissing": [
            Case("nobody has ever seen them, then there they are",
                 {steady: counter((STALE, 45), (60, 20)), f"up{{{API}}}": gauge((1, 65))}, 65,
                 fires=True),
            Case("they come within half an hour",
                 {steady: counter((STALE, 25), (60, 20)), f"up{{{API}}}": gauge((1, 45))}, 45,
                 fires=False),
            Case("nothing answers", {f"up{{{API}}}": gauge((0, 45))}, 45, fires=False),
            Case("they are known to be gone",
                 {f"up{{{API}}}": gauge((1, 45)), **known("SeriesGone", [(1, 45)])}, 45,
                 fires=False),
        ],
        "SeriesGone": [
            Case("the series are gone, then there again", gone(gauge((1, 35))), 35, fires=True),
            Case("the service is down as well", gone(gauge((1, 10), (0, 10), (1, 15))), 35,
                 fires=False),
            Case("one scrape lacks them",
                 {steady: counter((60, 10), (STALE, 1), (60, 15)), f"up{{{API}}}": gauge((1, 26))},
                 26, fires=False),
            Case("they are missed without a mark",
                 {steady: "0+60x9 _x8 600+60x9", f"up{{{API}}}": gauge((1, 28))}, 28, fires=True),
            Case("nothing is scraped for six minutes",
                 {steady: "0+60x9 _x6 600+60x9", f"up{{{API}}}": "1x9 _x6 1x9"}, 26,
                 fires=False),
            Case("one scrape in three comes",
                 {steady: counter((60, 10), (STALE, 15)),
                  f"up{{{API}}}": "1x9" + " 1 _ _" * 5}, 25, fires=True),
            Case("then nothing is scraped any more",
                 {steady: counter((60, 10), (STALE, 20)), f"up{{{API}}}": "1x14 _x14"}, 30,
                 fires=True),
            Case("they never were there", {f"up{{{API}}}": gauge((1, 20))}, 20, fires=False),
            Case("they are missed for longer than a day",
                 {steady: counter((60, 10), (STALE, 1500)), f"up{{{API}}}": gauge((1, 1510))},
                 1510, fires=True),
            Case("few would have come since it was started",
                 {f'{TOTAL}{{stream="errors"}}': "0.02x60", f"started{{{API}}}": "1820x60",
                  f"up{{{API}}}": gauge((STALE, 15), (1, 46))}, 60, fires=True),
        ],
    }  # fmt: skip
