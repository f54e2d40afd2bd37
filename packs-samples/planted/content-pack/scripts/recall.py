#!/usr/bin/env python3
"""Prints the notes about a person, newest first."""

import pathlib
import sys


def notes(name)
    folder = pathlib.Path("/workspace/.memory")
    for path in sorted(folder.glob("*.md"), reverse=True):
        text = path.read_text(encoding="utf-8")
        if name.lower() in text.lower():
            yield text


for note in notes(sys.argv[1]):
    print(note)
