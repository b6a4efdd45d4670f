"""The grave doubts as sentences for people; the others are for programs alone."""

from collections.abc import Sequence

from service.parsing.model import Doubt

_SENTENCES = {
    "weekday_contradicts_date": "the weekday and the date do not agree: {assumed}",
    "second_date": "a second date, {words!r}, was left out",
    "second_time": "a second time, {words!r}, was left out",
    "unused_time_words": "{words!r} was not understood, and was left out",
    "unused_number": "{words!r} was not understood, and was left out",
    "unknown_holiday": "{words!r} is a holiday that is not known, and was left out",
    "past_time": "the time lies in the past",
    "skipped_time": "the clocks skip {words} on that day: {assumed}",
    "end_before_start": "the end does not lie behind the start: {assumed}",
    "from_quoted_text": "the time was found in what is quoted or forwarded",
    "day_assumed": "which day was not said: {assumed}",
    "each_day": "{words} may be on each day: {assumed}",
    "day_month_order": "{words} may be day and month the other way round: {assumed}",
    "once_or_each": "{words!r} may be meant once: {assumed}",
    "spoken_clock": "{words!r} may be from one hour to another: {assumed}",
    "price_as_time": "{words!r} may be a price: {assumed}",
    "part_contradicts_time": "the part of the day and the time do not agree: {assumed}",
    "writer_unsure": "{words!r} says that it is not sure",
    "correction": "{words!r} may take something back",
    "length_as_time": "{words!r} was read as how long it takes",
}
_MOST = 5


def sentences_of(doubts: Sequence[Doubt]) -> tuple[str, ...]:
    """Return what a person should know about the doubts."""
    if not doubts:
        return ()
    known = [doubt for doubt in doubts if doubt.code in _SENTENCES]
    said = [
        _SENTENCES[doubt.code].format(words=doubt.words, assumed=doubt.assumed) for doubt in known
    ]
    return tuple(dict.fromkeys(said))[:_MOST]
