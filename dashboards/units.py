"""Units: which Grafana knows, and how a number is written in one."""

import math
from collections.abc import Callable
from typing import Final

_KNOWN: Final = frozenset(
    """
    none string short sishort percent percentunit humidity dB hex0x hex sci locale pixel
    accMS2 accFS2 accG degree radian grad arcmin arcsec flops mflops gflops tflops pflops
    eflops zflops yflops ppm conppb bytes decbytes bits decbits kbytes deckbytes mbytes
    decmbytes gbytes decgbytes tbytes dectbytes pbytes decpbytes binBps Bps binbps bps KiBs
    Kibits KBs Kbits MiBs Mibits MBs Mbits GiBs Gibits GBs Gbits TiBs Tibits TBs Tbits PiBs
    Pibits PBs Pbits pps MHs GHs THs PHs EHs Hs KHs currencyUSD currencyGBP currencyEUR
    currencyJPY hertz ns µs ms s m h d dtdurationms dtdurations dthms dtdhms timeticks
    clockms clocks dateTimeAsIso dateTimeAsIsoNoDateIfToday dateTimeAsUS
    dateTimeAsUSNoDateIfToday dateTimeAsLocal dateTimeAsLocalNoDateIfToday dateTimeAsSystem
    dateTimeFromNow cps ops reqps rps wps iops eps mps recps rdmps rows mflps cpm opm reqpm
    rpm wpm watt kwatt megwatt gwatt mwatt Wm2 voltamp joule amp volt ohm celsius fahrenheit
    kelvin velocityms velocitykmh velocitymph velocityknot pressurembar pressurebar
    pressurepsi pressurehpa pressurekpa mbar massmg massg masskg masst lengthmm lengthm
    lengthft lengthkm lengthmi rotrpm rothz bool bool_yes_no bool_on_off
    """.split()  # noqa: SIM905 -- a list of words reads best as words
)
_FREE: Final = ("suffix:", "prefix:", "time:", "si:", "count:", "currency:", "bool:")


def is_unit(unit: str) -> bool:
    """Tell whether Grafana knows a unit id; custom ones carry a prefix such as `suffix:`."""
    return unit in _KNOWN or unit.startswith(_FREE)


def write(value: float, unit: str, decimals: int | None = None) -> str:
    """Write a number as Grafana would: scaled, rounded to what matters, with its unit."""
    if math.isnan(value):
        return "no value"
    if math.isinf(value):
        return "∞" if value > 0 else "\N{MINUS SIGN}∞"
    written = _WRITERS.get(unit, _plain_with(unit))(value, decimals)
    return written.replace("-", "\N{MINUS SIGN}")


def _scaled(steps: tuple[tuple[float, str], ...]) -> Callable[[float, int | None], str]:
    def written(value: float, decimals: int | None) -> str:
        size, name = next(((size, name) for size, name in steps if abs(value) >= size), steps[-1])
        if value == 0:
            size, name = next(((s, n) for s, n in steps if s == 1), steps[-1])
        return f"{_digits(value / size, decimals)}{name}"

    return written


def _digits(value: float, decimals: int | None) -> str:
    """Three digits that matter, whole numbers in full, no trailing zeros unless asked for."""
    if decimals is not None:
        return f"{value:.{decimals}f}"
    if value == 0 or abs(value) >= 100:  # noqa: PLR2004 -- three digits
        return f"{value:.0f}"
    places = max(0, 2 - math.floor(math.log10(abs(value))))
    text = f"{value:.{min(places, 6)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _plain_with(unit: str) -> Callable[[float, int | None], str]:
    suffix = unit.removeprefix("suffix:") if unit.startswith("suffix:") else ""
    return lambda value, decimals: f"{_digits(value, decimals)}{suffix}"


def _share(value: float, decimals: int | None) -> str:
    return f"{_share_digits(100 * value, decimals)} %"


def _share_digits(value: float, decimals: int | None) -> str:
    """Per cent keeps what separates 99.95 from 100."""
    if decimals is not None:
        return f"{value:.{decimals}f}"
    text = f"{value:.3f}" if 99 < value < 100 else _digits(value, None)  # noqa: PLR2004 -- see above
    return text.rstrip("0").rstrip(".") if "." in text else text


def _yes_no(value: float, _: int | None) -> str:
    return "Yes" if value else "No"


_TIME: Final = (
    (86400.0, " d"), (3600.0, " h"), (60.0, " min"), (1.0, " s"), (1e-3, " ms"), (1e-6, " µs"),
)  # fmt: skip
_BYTES: Final = (
    (2.0**40, " TiB"),
    (2.0**30, " GiB"),
    (2.0**20, " MiB"),
    (2.0**10, " KiB"),
    (1.0, " B"),
)
_SPEED: Final = ((1e12, " TB/s"), (1e9, " GB/s"), (1e6, " MB/s"), (1e3, " kB/s"), (1.0, " B/s"))

_thousands = _scaled(((1e9, " Bil"), (1e6, " Mil"), (1e3, " K")))


def _count(value: float, decimals: int | None) -> str:
    return _thousands(value, decimals) if abs(value) >= 1000 else _digits(value, decimals)  # noqa: PLR2004 -- from here on scaled


def _rate(suffix: str) -> Callable[[float, int | None], str]:
    return lambda value, decimals: f"{_count(value, decimals)} {suffix}"


_WRITERS: Final[dict[str, Callable[[float, int | None], str]]] = {
    "percentunit": _share,
    "percent": lambda value, decimals: f"{_share_digits(value, decimals)} %",
    "s": _scaled(_TIME),
    "ms": lambda value, decimals: _scaled(_TIME)(value / 1000, decimals),
    "bytes": _scaled(_BYTES),
    "Bps": _scaled(_SPEED),
    "reqps": _rate("req/s"),
    "ops": _rate("ops/s"),
    "cps": _rate("c/s"),
    "short": _count,
    "bool_yes_no": _yes_no,
    "bool": lambda value, _: "True" if value else "False",
}
