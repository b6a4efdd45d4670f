"""The record of a load or golden run, from which charts and pages are made."""

from kit.pure.json_values import JsonMapping

# JSON with dozens of fields, some of which only newer releases write. The published schemas name
# them all, and whoever makes a page checks first which schema a record keeps.
RunRecord = JsonMapping
