"""The exchange's own words: bodies, answers and stream messages as typed structs, one module a subject."""
