"""Failures are told from everything else, also by eyes that lack a kind of cone."""

import re

import numpy as np
import pytest

from kit.charts.theme import stylesheet

# Machado, Oliveira and Fernandes 2009, severity 1.0: what such eyes see, in linear light.
EYES = {
    "all": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = TO_XYZ.sum(axis=1)
SEEN_APART = 10.0  # of CIE 1976; 2.3 is the least that is seen side by side


def palette(scheme: str) -> dict[str, str]:
    css = stylesheet()
    block = css.split("prefers-color-scheme: dark")[scheme == "dark"].split("}")[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))


def lab(colour: str, eye: str) -> np.ndarray:
    rgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    x, y, z = TO_XYZ @ np.clip(EYES[eye] @ linear, 0, 1) / WHITE
    f = [v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z)]
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("other", ["first", "second", "good", "warn", "line-1", "line-3"])
def test_what_failed_looks_like_nothing_else(scheme: str, eye: str, other: str) -> None:
    colours = palette(scheme)
    apart = float(np.linalg.norm(lab(colours["bad"], eye) - lab(colours[other], eye)))
    assert apart >= SEEN_APART, f"{colours['bad']} and {colours[other]}: {apart:.1f}"


def test_the_same_red_and_green_of_old_are_found_alike() -> None:
    assert np.linalg.norm(lab("#a04020", "deutan") - lab("#6a5a10", "deutan")) < SEEN_APART
