#!/usr/bin/env python3
"""The tests of rights.py; part of `make test`."""
import json
import sys
import unittest

sys.dont_write_bytecode = True
import rights


def role(verb, resource, *names, namespace=None):
    rule = {"verbs": [verb], "apiGroups": [""], "resources": [resource]}
    if names:
        rule["resourceNames"] = list(names)
    return {"metadata": {"namespace": namespace} if namespace else {}, "rules": [rule]}


def event(verb, resource, name="", namespace="ns", code=200, user="me"):
    target = {"resource": resource, "namespace": namespace, "name": name}
    return json.dumps({"user": {"username": user}, "verb": verb, "objectRef": target, "responseStatus": {"code": code}})


def found(roles, events):
    differences = rights.differences(rights.granted(roles), *rights.asked(events, "me"))
    return {what: {" ".join(part or "-" for part in right) for right in some} for what, some in differences if some}


class RightsTest(unittest.TestCase):
    def test_a_right_that_is_used_is_nothing_to_tell(self):
        self.assertEqual(found([role("list", "pods")], [event("list", "pods"), event("get", "nodes", user="you")]), {})

    def test_a_right_that_nobody_uses_is_told(self):
        self.assertEqual(found([role("list", "pods")], []), {"granted and not used": {"* list - pods *"}})

    def test_what_was_forbidden_is_told(self):
        self.assertIn("forbidden", found([role("list", "pods")], [event("list", "pods", code=403)]))

    def test_a_right_on_one_name_grants_no_other(self):
        told = found([role("update", "leases", "leader")], [event("update", "leases", "leader"), event("update", "leases", "other")])
        self.assertEqual(told, {"used and not granted": {"ns update - leases other"}})

    def test_a_name_that_is_never_asked_for_is_told(self):
        told = found([role("get", "secrets", "a", "b")], [event("get", "secrets", "a")])
        self.assertEqual(told, {"granted and not used": {"* get - secrets b"}})

    def test_a_right_on_all_names_is_too_much_where_a_named_one_is_enough(self):
        told = found([role("get", "secrets"), role("get", "secrets", "a")], [event("get", "secrets", "a")])
        self.assertEqual(told, {"granted and not used": {"* get - secrets *"}})

    def test_a_role_grants_nothing_elsewhere(self):
        told = found([role("list", "pods", namespace="ns")], [event("list", "pods"), event("list", "pods", namespace="other")])
        self.assertEqual(told, {"used and not granted": {"other list - pods -"}})


if __name__ == "__main__":
    unittest.main()
