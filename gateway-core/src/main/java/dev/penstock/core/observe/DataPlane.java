package dev.penstock.core.observe;

import java.util.List;

/** What a scrape asks the data plane. Called on a worker thread; every answer is of that moment. */
public interface DataPlane {
  /** A gateway that has nothing. */
  DataPlane NONE =
      new DataPlane() {
        @Override
        public List<UpstreamFigures> upstreams() {
          return List.of();
        }

        @Override
        public List<LoopFigures> loops() {
          return List.of();
        }
      };

  /** The figures of every upstream, added up over its endpoints and all event loops. */
  List<UpstreamFigures> upstreams();

  /** The figures of every event loop. */
  List<LoopFigures> loops();

  /**
   * One upstream.
   *
   * @param upstream unique name, such as {@code namespace/service:port}
   * @param endpoints endpoints that it has
   * @param open connections that are open, idle ones included
   * @param idle those of them that wait for a request
   * @param waiting requests that wait for a connection
   */
  record UpstreamFigures(String upstream, int endpoints, long open, long idle, long waiting) {}

  /**
   * One event loop.
   *
   * @param loop its index
   * @param allocatedBytes what its thread has allocated on the heap; negative = this virtual
   *     machine does not say
   * @param cpuNanos processor time that its thread has used; negative = it is not said
   */
  record LoopFigures(int loop, long allocatedBytes, long cpuNanos) {}
}
