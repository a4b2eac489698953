#!/usr/bin/env python3
"""Compares what a ServiceAccount asked the API server for with what its roles grant.

Usage: rights.py USER AUDIT-LOG < LIST-OF-ROLES.json; ends with 1 when something was forbidden, or granted and never used.
"""
import json
import sys

user, log = sys.argv[1:]
granted = {
    (verb, group, resource)
    for role in json.load(sys.stdin)["items"]
    for rule in role["rules"]
    for verb in rule["verbs"]
    for group in rule["apiGroups"]
    for resource in rule["resources"]
}
used, forbidden = set(), set()
with open(log, encoding="utf-8") as lines:
    for line in lines:
        event = json.loads(line)
        if event["user"]["username"] != user:
            continue
        target = event.get("objectRef", {})
        resource = "/".join(filter(None, (target.get("resource"), target.get("subresource")))) or event["requestURI"]
        right = (event["verb"], target.get("apiGroup", ""), resource)
        used.add(right)
        if event.get("responseStatus", {}).get("code") == 403:
            forbidden.add(right)

for what, rights in (
    ("forbidden", forbidden),
    ("granted and not used", granted - used),
    ("used and not granted", used - granted),
):
    for right in sorted(rights):
        print(what + ":", *right)
sys.exit(1 if forbidden or granted != used else 0)
