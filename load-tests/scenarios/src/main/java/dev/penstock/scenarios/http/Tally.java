package dev.penstock.scenarios.http;

import java.util.Map;
import java.util.TreeMap;

/** What came of the requests. Written by a client's thread, read by any. */
public final class Tally {
  /** Different reasons that are kept; those after it are counted together. */
  private static final int REASONS_MAX = 50;

  private final Latencies latencies = new Latencies();
  private final Map<String, Integer> failures = new TreeMap<>();
  private int failed;
  private int connects;

  synchronized void right(long timeNanos) {
    latencies.add(timeNanos);
  }

  synchronized void failed(String reason) {
    failed++;
    boolean known = failures.containsKey(reason) || failures.size() < REASONS_MAX;
    failures.merge(known ? reason : "other reasons", 1, Integer::sum);
  }

  synchronized void connected() {
    connects++;
  }

  /** Requests with the right answer. */
  public int right() {
    return latencies.count();
  }

  /** Requests without an answer, or with a wrong one. */
  public synchronized int failed() {
    return failed;
  }

  /** Why requests failed, and how often. */
  public synchronized Map<String, Integer> failures() {
    return Map.copyOf(failures);
  }

  /** Connections that were opened. */
  public synchronized int connects() {
    return connects;
  }

  /** Of the right answers: from the time when the request was due to the answer's last byte. */
  public Latencies latencies() {
    return latencies;
  }
}
