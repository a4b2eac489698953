package dev.penstock.core.observe;

import dev.penstock.core.meter.Histogram;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A data plane of which a test says what it tells. */
public final class FakePlane implements DataPlane {
  private static final long[] BOUNDS_NANOS = {1_000_000};

  final List<UpstreamFigures> upstreams = new ArrayList<>();
  final List<ListenerFigures> listeners = new ArrayList<>();
  final List<CertificateFigures> certificates = new ArrayList<>();
  final List<LoopFigures> loops = new ArrayList<>();
  final Map<TlsSuite, Long> handshakes = new LinkedHashMap<>();
  final Map<String, Long> handshakeFailures = new TreeMap<>();
  AcceptFigures accepting = new AcceptFigures(0, 0, 0);
  long activeRequests;
  SnapshotFigures snapshot = new SnapshotFigures(0, 0, 0, 0, 0, 0, 0);

  /** Something of everything. */
  void fill() {
    upstreams.add(upstream("shop/web:http", 1, Map.of("connect_failed", 1L)));
    listeners.add(new ListenerFigures("https", 3, Map.of("client", 1L, "idle", 1L)));
    certificates.add(certificate("shop/tls", 1_800_000_000, "a.test"));
    loops.add(loop(0, 1, 1));
    handshakes.put(new TlsSuite("TLSv1.3", "TLS_AES_128_GCM_SHA256"), 2L);
    handshakeFailures.put("timeout", 1L);
  }

  /** Of which everything is {@code each}. */
  static UpstreamFigures upstream(String name, int each, Map<String, Long> failures) {
    UpstreamCounts counts =
        new UpstreamCounts(
            each,
            each * 1_000_000_000L,
            each,
            each,
            each * 1_000_000_000L,
            each,
            each,
            each,
            failures);
    return new UpstreamFigures(name, each, each, each, each, each, counts);
  }

  static CertificateFigures certificate(String name, long notAfter, String... hosts) {
    return new CertificateFigures(
        name, "f00d", List.of(hosts), 0, notAfter, "CN=Test CA,O=Test Org", "4711", "EC");
  }

  static LoopFigures loop(int index, long allocatedBytes, long cpuNanos) {
    return new LoopFigures(index, allocatedBytes, cpuNanos, Histogram.Reading.empty(BOUNDS_NANOS));
  }

  @Override
  public List<UpstreamFigures> upstreams() {
    return upstreams;
  }

  @Override
  public List<ListenerFigures> listeners() {
    return listeners;
  }

  @Override
  public AcceptFigures accepting() {
    return accepting;
  }

  @Override
  public TlsFigures tls() {
    return new TlsFigures(handshakes, handshakeFailures, Histogram.Reading.empty(BOUNDS_NANOS));
  }

  @Override
  public List<CertificateFigures> certificates() {
    return certificates;
  }

  @Override
  public SnapshotFigures snapshot() {
    return snapshot;
  }

  @Override
  public long activeRequests() {
    return activeRequests;
  }

  @Override
  public List<LoopFigures> loops() {
    return loops;
  }

  @Override
  public Map<String, BufferFigures> buffers() {
    return Map.of("direct", new BufferFigures(4096, 1024));
  }
}
