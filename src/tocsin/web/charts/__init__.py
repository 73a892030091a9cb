"""Charts: pure functions from data to shapes, which templates draw as SVG without inline style."""
