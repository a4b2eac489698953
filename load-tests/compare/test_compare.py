#!/usr/bin/env python3
"""The parsers and the arithmetic of the comparison; `make test` runs this."""

import sys
import unittest

sys.dont_write_bytecode = True

import measure
import processes
import proof
import proxies
import report
from scenario import DEFAULT, Scenario


class CompareTest(unittest.TestCase):
    def test_cpu_time_is_user_and_system_of_a_process_and_its_ended_children_whatever_its_name(self):
        stat = "7 (a ) b) S 1 7 7 0 -1 0 9 9 9 9 100 20 3 4 20 0 1 0 5 6"
        self.assertEqual(processes.cpu_seconds_of_stat(stat), 127 / processes.TICKS_PER_SECOND)

    def test_the_machine_is_busy_with_all_but_idle_and_waiting_and_steal_is_told_apart(self):
        stat = "cpu  1 2 3 1000 1000 4 5 6 0 0\ncpu0 0 0 0 0 0 0 0 0 0 0\n"
        busy, stolen = processes.busy_seconds_of_stat(stat)
        self.assertEqual((busy, stolen), (15 / processes.TICKS_PER_SECOND, 6 / processes.TICKS_PER_SECOND))

    def test_resident_memory_is_read_in_kib_and_missing_where_a_process_has_none(self):
        self.assertEqual(processes.rss_bytes_of_status("Name:\tx\nVmRSS:\t     12 kB\n"), 12 * 1024)
        self.assertEqual(processes.rss_bytes_of_status("Name:\tkthread\n"), 0)

    def test_the_backends_counts_are_read_from_its_status_page(self):
        page = "Active connections: 3 \nserver accepts handled requests\n 11 12 130 \nReading: 0 Writing: 1 Waiting: 2 \n"
        self.assertEqual(measure.stub_status(page), [11, 12, 130])

    def test_system_calls_are_counted_by_name_without_the_total(self):
        table = "    calls syscall\n--------- ----------------\n     2014 recvfrom\n       10 epoll_wait\n     2024 total\n"
        self.assertEqual(measure.calls_of_strace(table), {"recvfrom": 2014, "epoll_wait": 10})

    def test_a_metric_is_the_sum_of_its_series_and_nothing_of_a_longer_name(self):
        text = '# TYPE a_total counter\na_total{loop="0"} 1.5\na_total{loop="1"} 2e1\na_total_more 9\n'
        self.assertEqual(proxies.sum_of_metric(text, "a_total"), 21.5)
        self.assertIsNone(proxies.sum_of_metric(text, "b_total"))

    def test_a_variant_is_variables_and_then_flags(self):
        self.assertEqual(proxies.variant_words("A='-Xmx1g -Xss1m' --transport epoll --x B=c"),
                         ({"A": "-Xmx1g -Xss1m"}, ["--transport", "epoll", "--x", "B=c"]))

    def test_a_name_says_what_is_measured(self):
        scenario = Scenario.of("tls-64k-2-log")
        self.assertEqual((scenario.tls, scenario.body_bytes, len(scenario.routes), scenario.log), (True, 65536, 2, True))
        for wrong in ("plain-128", "plain-128-0", "plain-1-2", "quic-128-2", "plain-128-2-logs"):
            with self.assertRaises(ValueError, msg=wrong):
                Scenario.of(wrong)

    def test_neighbouring_routes_have_other_services_and_answers_of_one_length(self):
        for name in DEFAULT:
            scenario = Scenario.of(name)
            services = {(route.host, route.prefix): route.service for route in scenario.routes}
            hosts = list(scenario.by_host)
            for (host, prefix), service in services.items():
                other_path = services.get((host, f"/r{int(prefix[2:]) + 1}"))
                other_host = services.get((hosts[(hosts.index(host) + 1) % len(hosts)], prefix)) if len(hosts) > 1 else None
                self.assertNotIn(service, (other_path, other_host))
            self.assertEqual({len(scenario.body(route)) for route in scenario.routes[:20]}, {scenario.body_bytes})

    def test_proxies_that_tell_the_backend_different_things_are_not_compared(self):
        proof.prove_equal({"a": {"Host": "x"}, "b": {"Host": "x"}})
        with self.assertRaises(proof.Unfair):
            proof.prove_equal({"a": {"Host": "x"}, "b": {"Host": "y"}})

    def test_a_ratio_is_the_median_of_the_ratios_of_each_round(self):
        of = {name: {"rounds": [{"cpu_us": us} for us in rounds]} for name, rounds in
              {"nginx": [10, 20, 30], "haproxy": [20, 20, 20], "penstock": [9, 30, 15]}.items()}
        self.assertEqual(report.ratios({"proxies": of}, "penstock"), {"nginx": 0.9, "haproxy": 0.75})
        self.assertEqual(list(report.ratios({"proxies": of}, "nginx")), ["haproxy"])

    def test_a_value_meets_its_target_or_its_milestone_or_says_how_far_it_is(self):
        self.assertEqual(report.verdict(0.90, 1.0, 0.9), "target met")
        self.assertEqual(report.verdict(0.95, 1.0, 0.9), "milestone met, 0.05 above the target")
        self.assertEqual(report.verdict(1.10, 1.0, 0.9), "SHORT of the milestone by 0.10")
        self.assertEqual(report.verdict(1.05, 1.1, None), "milestone met")
        self.assertEqual(report.verdict(1.05, None, 1.0), "0.05 above the target")

    def test_handshakes_are_right_when_each_was_answered_and_no_byte_is_missing(self):
        text = """finished in 2.50s, 400.00 req/s, 60.00KB/s
requests: 1000 total, 1000 started, 1000 done, 1000 succeeded, 0 failed, 0 errored, 0 timeout
status codes: 1000 2xx, 0 3xx, 0 4xx, 0 5xx
traffic: 300.00KB (307200) total, 150.00KB (153600) headers (space savings 0.00%), 125.00KB (128000) data
"""
        self.assertEqual(measure.handshakes_of_h2load(text, 1000, 128)["wrong"], 0)
        self.assertEqual(measure.handshakes_of_h2load(text, 1000, 128)["seconds"], 2.5)
        self.assertEqual(measure.handshakes_of_h2load(text, 1001, 128)["wrong"], 2)


if __name__ == "__main__":
    unittest.main()
