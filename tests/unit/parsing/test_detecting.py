# ruff: noqa: RUF001  # other languages have other letters
# ruff: noqa: E501  # a list of requests is a list
"""A text in another language is refused by name; English never is."""

import json
from pathlib import Path

import pytest

from service.parsing.detecting import foreign, language_of
from tests.unit.parsing.reading import cases, read

GOLDEN = Path(__file__).parents[3] / "synthetic/golden"
REQUESTS = {
    "Spanish": "Cena con Lucía el 14 de mayo a las 21:00|reunión de padres el jueves a las 18:30|mañana dentista 9:15|ensayo todos los martes a las 19:00|llamar al fontanero el lunes por la mañana|vuelo a Bilbao el sábado a las 7:05",
    "French": "Dîner chez Hugo samedi à 20h30|réunion de chantier mardi prochain à 8h|rendez-vous chez le médecin le 3 juin à 14h15|appeler la mairie demain matin|cours de danse tous les jeudis à 19h",
    "Italian": "Cena da Giulia sabato alle 20:30|riunione di condominio giovedì alle 18|visita dal dentista il 7 maggio alle 9:15|chiamare il meccanico domani mattina|lezione di tango ogni martedì alle 21",
    "Portuguese": "Jantar com o Tiago no sábado às 20h30|reunião de pais na quinta-feira às 18h|consulta no dentista dia 7 de maio às 9h15|ligar para a oficina amanhã de manhã|aula de dança toda terça às 19h",
    "Dutch": "Etentje met Joost zaterdag om 20.30 uur|ouderavond donderdag om 19 uur|tandarts op 7 mei om 9.15 uur|garage bellen morgenochtend om 9 uur vandaag|dansles elke dinsdag om 20 uur",
    "Polish": "Kolacja z Kasią w sobotę o 20:30|zebranie rodziców w czwartek o 18|dentysta 7 maja o 9:15|zadzwonić do warsztatu jutro rano|taniec w każdy wtorek o 19",
    "Swedish": "Middag hos Lisa på lördag kl 19.30|föräldramöte på torsdag klockan 18|tandläkare den 7 maj kl 9.15|ring verkstaden imorgon förmiddag|dans varje tisdag kl 20",
    "Turkish": "Cumartesi saat 20:30'da Elif ile yemek|perşembe 18:00 veli toplantısı|7 Mayıs saat 9:15 diş hekimi|yarın sabah tamirciyi ara|her salı saat 19:00 dans dersi",
    "Russian": "Ужин с Катей в субботу в 20:30|родительское собрание в четверг в 18",
    "Ukrainian": "Вечеря з Оленою в суботу о 20:30 і концерт",
    "Chinese": "星期六晚上八点和小王吃饭|明天上午9点看牙医",
    "Japanese": "土曜日の20時半に夕食|明日の9時に歯医者",
    "Korean": "토요일 저녁 8시 30분 저녁 식사",
    "Greek": "δείπνο το Σάββατο στις 20:30",
    "Arabic": "عشاء يوم السبت الساعة 20:30",
    "Hebrew": "ארוחת ערב ביום שבת בשעה 20:30",
    "Hindi": "शनिवार को 20:30 बजे रात का खाना",
    "Czech": "Večeře s Petrem v sobotu ve 20:30|zubař 7. května v 9:15 dopoledne",
    "Finnish": "Illallinen Liisan kanssa lauantaina klo 19.30",
    "Hungarian": "Vacsora Katival szombaton 20:30 órakor",
    "Indonesian": "Makan malam dengan Budi hari sabtu jam 20:30",
}
FOREIGN = [(name, text) for name, texts in REQUESTS.items() for text in texts.split("|")]


@pytest.mark.parametrize(("name", "text"), FOREIGN)
def test_a_request_in_another_language_is_refused_by_name(name: str, text: str) -> None:
    decision = read(text)
    assert [(doubt.code, doubt.words) for doubt in decision.doubts] == [
        ("language_not_supported", name)
    ]
    assert name in decision.problems[0]
    assert decision.confidence < 0.2
    assert decision.event.start is None


@pytest.mark.parametrize(
    "text",
    [
        "Taco Tuesday at El Faro de Cádiz", "dinner at Chez Margot de la Mer 7pm", "Cinco de Mayo parade",
        "meet Juan de la Torre", "La La Land screening 8pm", "Café de la Gare 19:00", "coffee with Dag and Maria",
        "Cirque du Soleil Friday 8pm", "Opera: La Bohème 19:30", "Das Boot screening at 9pm", "call Van der Linde",
        "Mardi Gras brunch", "yoga con Anna 6pm", "Prix Fixe at Le Jardin 8pm", "1.5.2026 18:00", "14h", "",
        "Los Angeles trip May 5", "call Søren at 5", "Zoë and François tomorrow", "dim sum 明記 Saturday 1pm",
    ],
)  # fmt: skip
def test_english_with_foreign_names_is_english(text: str) -> None:
    assert foreign(text.lower()) is None


def test_no_request_of_the_golden_set_or_the_corpus_is_refused() -> None:
    golden = [
        case["text"]
        for path in sorted(GOLDEN.glob("*.jsonl"))
        for case in map(json.loads, path.read_text(encoding="utf-8").splitlines())
        if case["slices"]["expression"] != "other language"
    ]
    ours = [case.text for case in cases() if case.kind != "hard"]  # holds other languages
    refused = [text for text in golden + ours if foreign(text.lower())]
    assert len(golden + ours) > 3_000
    assert refused == []


def test_german_is_known_as_german() -> None:
    texts = (
        "Abendessen mit Jonas am Samstag um 20 Uhr",
        "Zahnarzt übermorgen 9:15",
        "Freitagabend Kino mit Lena",
    )
    assert [language_of(text.lower()) for text in texts] == ["German"] * 3
