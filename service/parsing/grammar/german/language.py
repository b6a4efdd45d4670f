"""German, put together."""

from service.parsing.grammar.german.asking import PHRASING
from service.parsing.grammar.german.settling import respell, settle
from service.parsing.grammar.german.stages import STAGES
from service.parsing.grammar.german.words import (
    AM_DAY,
    DOUBTFUL,
    ENDINGS,
    TABLE,
    TELLTALE,
)
from service.parsing.language import Language

GERMAN = Language(
    code="de",
    name="German",
    words=TABLE,
    sure={word: entry for word, entry in TABLE.items() if word not in DOUBTFUL},
    doubtful=DOUBTFUL,
    settle=settle,
    respell=respell,
    stages=STAGES,
    telltale=TELLTALE,
    endings=ENDINGS,
    sign=AM_DAY,
    phrasing=PHRASING,
)
