"""What people write in the long runs: notes of lines that the scripted proposer understands, and edits of changes."""

from hypothesis import strategies as st

from evals.long.stage import AREAS, PEOPLE, PRODUCTS, STATUSES, TASKS, TITLES, TOPICS
from pipeline.records import Json

SENTENCES = st.one_of(
    st.builds("New name: {}, {}.".format, st.sampled_from(PEOPLE), st.sampled_from(TITLES)),
    st.builds("{} is now {}.".format, st.sampled_from(PEOPLE), st.sampled_from(TITLES)),
    st.builds("{} reports to {}.".format, st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)),
    st.builds("{} sits in {}.".format, st.sampled_from(PEOPLE), st.sampled_from(AREAS)),
    st.builds("{} cares about {}.".format, st.sampled_from(PEOPLE), st.sampled_from(TOPICS)),
    st.builds("{} has left.".format, st.sampled_from(PEOPLE)),
    st.builds(
        "{} in {} is {}.".format, st.sampled_from(PRODUCTS), st.sampled_from(AREAS), st.sampled_from(tuple(STATUSES))
    ),
    st.builds("To do: {}.".format, st.sampled_from(TASKS)),
    st.builds("Done: {}.".format, st.sampled_from(TASKS)),
    st.builds("New area: {}.".format, st.sampled_from(AREAS)),
    st.builds("We now say {} for {}.".format, st.sampled_from((*AREAS, "Foundry")), st.sampled_from(AREAS)),
)
LINES = st.lists(st.builds("{}{}".format, st.sampled_from(("", "", "", "*")), SENTENCES), min_size=1, max_size=4)
EDITS: dict[str, tuple[dict[str, Json], ...]] = {
    "stakeholders": ({"title": "Site Lead"}, {"interests": ["uptime"]}, {"roles": ["champion"]}, {"warmth": "tepid"}),
    "cells": ({"status": "need_identified"}, {"status": "sold"}),
    "actions": ({"deadline": "2026-05-01"}, {"status": "dropped"}, {"deadline": "someday"}),
    "departments": ({"kind": "site"}, {"parent": "nowhere"}),
}
