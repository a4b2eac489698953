#!/usr/bin/env python3
"""Compares what a ServiceAccount asked the API server for with what its roles grant, object names and namespaces included.

Usage: rights.py USER AUDIT-LOG < LIST-OF-ROLES.json; ends with 1 when something was forbidden, or granted and never used.
A right on named objects counts before one on all: that is not used where every use is of a named one.
"""
import json
import sys

ANY = "*"


def granted(roles):
    """(namespace, verb, group, resource, name): of a ClusterRole for every namespace, without resourceNames for every name."""
    return {
        (role["metadata"].get("namespace", ANY), verb, group, resource, name)
        for role in roles
        for rule in role["rules"]
        for verb in rule["verbs"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for name in rule.get("resourceNames") or [ANY]
    }


def asked(lines, user):
    """What was asked for, in the same terms, and what of it was forbidden. A list or watch has the name of its field selector."""
    used, forbidden = set(), set()
    for line in lines:
        event = json.loads(line)
        if event["user"]["username"] != user:
            continue
        target = event.get("objectRef", {})
        resource = "/".join(filter(None, (target.get("resource"), target.get("subresource")))) or event["requestURI"]
        right = (target.get("namespace", ""), event["verb"], target.get("apiGroup", ""), resource, target.get("name", ""))
        used.add(right)
        if event.get("responseStatus", {}).get("code") == 403:
            forbidden.add(right)
    return used, forbidden


def grants_of(use, rights):
    """The most particular rights that allow it."""
    namespace, *what, name = use
    for wanted in (name, ANY):
        found = {(place, *what, wanted) for place in (namespace, ANY)} & rights
        if found:
            return found
    return set()


def differences(rights, used, forbidden):
    exercised = set().union(*(grants_of(use, rights) for use in used))
    return (
        ("forbidden", forbidden),
        ("granted and not used", rights - exercised),
        ("used and not granted", {use for use in used if not grants_of(use, rights)}),
    )


def main():
    user, log = sys.argv[1:]
    with open(log, encoding="utf-8") as lines:
        used, forbidden = asked(lines, user)
    found = differences(granted(json.load(sys.stdin)["items"]), used, forbidden)
    for what, rights in found:
        for right in sorted(rights):
            print(what + ":", *(part or "-" for part in right))
    return any(rights for _, rights in found)


if __name__ == "__main__":
    sys.exit(main())
