"""Counts in a grid, shown by shade: the one way in which every heat map is drawn."""

from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import NDArray

from kit.charts import theme

_SHADES: Final = (0.12, 0.3, 0.5, 0.72, 1.0)
_SQUARE: Final = np.array(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)))
_SQUARE_CODES: Final = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]


def shade(
    axes: Axes, across: NDArray[np.float64], up: NDArray[np.float64], counts: NDArray[np.float64]
) -> None:
    """Fill the cells between the edges `across` and `up`, darker for more, on a logarithmic scale.

    `counts` has a row for each step up and a column for each step across, and not all are 0.
    """
    levels = np.ceil(np.log1p(counts) / np.log1p(counts.max()) * len(_SHADES)).astype(int)
    for level, alpha in enumerate(_SHADES, 1):
        cells = [
            _SQUARE * (across[x + 1] - across[x], up[y + 1] - up[y]) + (across[x], up[y])
            for y, x in np.argwhere(levels == level)
        ]
        if cells:
            path = Path(np.concatenate(cells), _SQUARE_CODES * len(cells))
            axes.add_patch(PathPatch(path, facecolor=theme.FIRST, alpha=alpha, linewidth=0))
