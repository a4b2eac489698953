#!/usr/bin/env python3
"""Compares what a ServiceAccount may do with what a page says.

Usage: can-i.py LISTED BASE < ROLES.json, where LISTED and BASE are what `kubectl auth can-i --list` says of the account and of one
without roles, and ROLES the documented ones, one JSON object after the other. Ends with 1 when they differ.
"""
import json
import re
import sys


def listed(path):
    """{(resource, names, verbs)} of the table."""
    with open(path, encoding="utf-8") as table:
        rows = [re.split(r"\s{2,}", line.rstrip()) for line in table.readlines()[1:]]
    return {(row[0], row[-2], " ".join(sorted(row[-1].strip("[]").split()))) for row in rows if len(row) == 4}


def documented(text):
    rights = set()
    decoder = json.JSONDecoder()
    while text.strip():
        role, end = decoder.raw_decode(text.lstrip())
        text = text.lstrip()[end:]
        for rule in role["rules"]:
            for group in rule["apiGroups"]:
                for resource in rule["resources"]:
                    name, _, part = resource.partition("/")
                    full = name + ("." + group if group else "") + ("/" + part if part else "")
                    for names in rule.get("resourceNames", [""]):
                        rights.add((full, f"[{names}]", " ".join(sorted(rule["verbs"]))))
    return rights


may = listed(sys.argv[1]) - listed(sys.argv[2])
said = documented(sys.stdin.read())
for what, rights in (("not in the page", may - said), ("in the page alone", said - may)):
    for right in sorted(rights):
        print(what + ":", *right)
sys.exit(1 if may != said else 0)
