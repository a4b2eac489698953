package dev.penstock.core.observe;

import dev.penstock.core.meter.Histogram;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a scrape asks the data plane. Called on a worker thread; every answer is of that moment. */
public interface DataPlane {
  /** The figures of every upstream, added up over its endpoints and all event loops; by name. */
  List<UpstreamFigures> upstreams();

  /** The figures of every listener that was opened. */
  List<ListenerFigures> listeners();

  /** What lets clients in, of all listeners together. */
  AcceptFigures accepting();

  /** TLS handshakes with clients. */
  TlsFigures tls();

  /** The certificates that are served, without the default one; by name. */
  List<CertificateFigures> certificates();

  /** What is served. */
  SnapshotFigures snapshot();

  /** Requests under way, tunnels included. */
  long activeRequests();

  /** The figures of every event loop. */
  List<LoopFigures> loops();

  /** Memory of the buffers that requests and answers pass through, by {@code direct, heap}. */
  Map<String, BufferFigures> buffers();

  /**
   * One upstream.
   *
   * @param upstream unique name, such as {@code namespace/service:port}
   * @param endpoints endpoints that it has
   * @param paused those of them that some event loop passes over, because no connection to them
   *     could be made a moment ago
   * @param open connections that are open, idle ones included
   * @param idle those of them that wait for a request
   * @param waiting requests that wait for a connection
   * @param counts since it is configured
   */
  record UpstreamFigures(
      String upstream,
      int endpoints,
      int paused,
      long open,
      long idle,
      long waiting,
      UpstreamCounts counts) {
    UpstreamFigures plus(UpstreamFigures other) {
      return new UpstreamFigures(
          upstream,
          endpoints + other.endpoints,
          paused + other.paused,
          open + other.open,
          idle + other.idle,
          waiting + other.waiting,
          counts.plus(other.counts));
    }
  }

  /**
   * What was counted for one upstream.
   *
   * @param opened connections that were made
   * @param connectNanos how long that took, added up
   * @param closed connections of these that are gone
   * @param waited requests that had to wait for a connection, and do not any more
   * @param waitNanos how long they did, added up
   * @param retries requests that were sent again
   * @param retriesRefused those that were not, because the retry budget was used up
   * @param pauses how often an endpoint was passed over from then on
   * @param failures by kind, as far as there were any
   */
  record UpstreamCounts(
      long opened,
      long connectNanos,
      long closed,
      long waited,
      long waitNanos,
      long retries,
      long retriesRefused,
      long pauses,
      Map<String, Long> failures) {
    static final UpstreamCounts NONE = new UpstreamCounts(0, 0, 0, 0, 0, 0, 0, 0, Map.of());

    UpstreamCounts plus(UpstreamCounts other) {
      Map<String, Long> both = new TreeMap<>(failures);
      other.failures.forEach((kind, count) -> both.merge(kind, count, Long::sum));
      return new UpstreamCounts(
          opened + other.opened,
          connectNanos + other.connectNanos,
          closed + other.closed,
          waited + other.waited,
          waitNanos + other.waitNanos,
          retries + other.retries,
          retriesRefused + other.retriesRefused,
          pauses + other.pauses,
          both);
    }
  }

  /**
   * One listener.
   *
   * @param accepted connections since the start
   * @param closed those of them that have ended, by every reason there is
   */
  record ListenerFigures(String listener, long accepted, Map<String, Long> closed) {
    /** Connections now. */
    public long open() {
      return Math.max(0, accepted - closed.values().stream().mapToLong(Long::longValue).sum());
    }
  }

  /**
   * What lets clients in.
   *
   * @param connectionsMax as many may be open
   * @param fullPauses how often accepting stopped because so many were
   * @param failures how often a socket stopped accepting because it failed
   */
  record AcceptFigures(int connectionsMax, long fullPauses, long failures) {}

  /** Version and cipher of TLS, as Java names them. */
  record TlsSuite(String protocol, String cipher) {}

  /**
   * Handshakes since the start.
   *
   * @param completed by what was agreed on
   * @param failures by every reason there is
   * @param durations of those completed, from the complete ClientHello to the end
   */
  record TlsFigures(
      Map<TlsSuite, Long> completed, Map<String, Long> failures, Histogram.Reading durations) {}

  /**
   * One certificate.
   *
   * @param name {@code namespace/name} of its Secret
   * @param fingerprint of chain and key
   * @param hosts that it is served for
   * @param issuer distinguished name
   * @param serialNumber in decimal
   * @param keyAlgorithm {@code RSA} or {@code EC}
   */
  record CertificateFigures(
      String name,
      String fingerprint,
      List<String> hosts,
      long notBeforeEpochSeconds,
      long notAfterEpochSeconds,
      String issuer,
      String serialNumber,
      String keyAlgorithm) {}

  /**
   * What is served.
   *
   * @param compiles snapshots that were made since the start
   * @param compileNanos how long the last one took, from the configuration to the moment it served
   * @param hash of hosts, routes, settings and certificates, the same in every process; 0 to 2^53 -
   *     1
   */
  record SnapshotFigures(
      int hosts,
      int routes,
      int upstreams,
      int certificates,
      long compiles,
      long compileNanos,
      long hash) {}

  /**
   * One event loop.
   *
   * @param loop its index
   * @param allocatedBytes what its thread has allocated on the heap; negative = this virtual
   *     machine does not say
   * @param cpuNanos processor time that its thread has used; negative = it is not said
   * @param lag by how much its timer came late
   */
  record LoopFigures(int loop, long allocatedBytes, long cpuNanos, Histogram.Reading lag) {}

  /**
   * One kind of memory.
   *
   * @param reservedBytes taken from the system or the heap
   * @param usedBytes those of them that buffers hold now
   */
  record BufferFigures(long reservedBytes, long usedBytes) {}
}
