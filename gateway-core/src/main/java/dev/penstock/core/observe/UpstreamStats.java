package dev.penstock.core.observe;

import java.util.List;

/** Where the scrape learns about connections to backends. Called on a worker thread. */
@FunctionalInterface
public interface UpstreamStats {
  /** A gateway without upstreams. */
  UpstreamStats NONE = List::of;

  /** The figures of every upstream now, added up over its endpoints and all event loops. */
  List<Figures> figures();

  /**
   * One upstream.
   *
   * @param upstream unique name, such as {@code namespace/service:port}
   * @param endpoints endpoints that it has
   * @param open connections that are open, idle ones included
   * @param idle those of them that wait for a request
   * @param waiting requests that wait for a connection
   */
  record Figures(String upstream, int endpoints, long open, long idle, long waiting) {}
}
