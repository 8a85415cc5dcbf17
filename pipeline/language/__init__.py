"""Days out of words, for all who read them: one vocabulary of the calendar per language, and one arithmetic.

`words` holds the vocabulary (words/*.yaml), `arithmetic` moves days about, `written` reads the days of headers and
file names, and `days` reads those that people speak of: which day is meant, and which ones the words may mean.
"""
