"""Charts as SVG in one theme; colours are the page's, so that light and dark both work."""
