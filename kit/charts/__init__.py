"""Charts as SVG in one house style; colours are the page's, so that light and dark both work."""
