package dev.penstock.core.observe;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Comparator;
import java.util.List;

/** What the data plane tells of itself, as series of one scrape. */
final class PlaneCollector {
  /** Upstreams shown one by one; the figures of the others are added up. */
  static final int UPSTREAMS_MAX = 2_000;

  /** Certificates shown: those that expire first, since these are looked for. */
  static final int CERTIFICATES_MAX = 2_000;

  private final DataPlane plane;
  private final Families families;

  PlaneCollector(DataPlane plane, Families families) {
    this.plane = plane;
    this.families = families;
  }

  void collect() {
    snapshot();
    upstreams();
    for (DataPlane.ListenerFigures listener : plane.listeners()) listener(listener);
    accepting();
    tls();
    certificates();
    for (DataPlane.LoopFigures loop : plane.loops()) loop(loop);
    plane
        .buffers()
        .forEach((area, buffers) -> {
          Labels labels = Labels.of("area", area);
          families.add(Metric.BUFFERS_RESERVED, labels, buffers.reservedBytes());
          families.add(Metric.BUFFERS_USED, labels, buffers.usedBytes());
        });
  }

  private void snapshot() {
    DataPlane.SnapshotFigures snapshot = plane.snapshot();
    families.add(Metric.SNAPSHOT_HOSTS, snapshot.hosts());
    families.add(Metric.SNAPSHOT_ROUTES, snapshot.routes());
    families.add(Metric.SNAPSHOT_UPSTREAMS, snapshot.upstreams());
    families.add(Metric.SNAPSHOT_CERTIFICATES, snapshot.certificates());
    families.add(Metric.SNAPSHOT_COMPILES, snapshot.compiles());
    families.add(Metric.SNAPSHOT_COMPILE_TIME, Families.seconds(snapshot.compileNanos()));
  }

  private void upstreams() {
    List<DataPlane.UpstreamFigures> figures = plane.upstreams();
    int shown = Math.min(UPSTREAMS_MAX, figures.size());
    figures.subList(0, shown).forEach(this::upstream);
    DataPlane.UpstreamFigures none =
        new DataPlane.UpstreamFigures("__overflow__", 0, 0, 0, 0, 0, DataPlane.UpstreamCounts.NONE);
    figures.subList(shown, figures.size()).stream()
        .reduce((a, b) -> none.plus(a).plus(b))
        .map(none::plus)
        .ifPresent(this::upstream);
  }

  private void upstream(DataPlane.UpstreamFigures figures) {
    Labels labels = Labels.of("upstream", figures.upstream());
    families.add(Metric.UPSTREAM_ENDPOINTS, labels, figures.endpoints());
    families.add(Metric.UPSTREAM_PAUSED, labels, figures.paused());
    families.add(Metric.UPSTREAM_OPEN, labels, figures.open());
    families.add(Metric.UPSTREAM_IDLE, labels, figures.idle());
    families.add(Metric.UPSTREAM_WAITING, labels, figures.waiting());
    DataPlane.UpstreamCounts counts = figures.counts();
    families.add(Metric.UPSTREAM_OPENED, labels, counts.opened());
    families.add(Metric.UPSTREAM_CONNECT_TIME, labels, Families.seconds(counts.connectNanos()));
    families.add(Metric.UPSTREAM_CLOSED, labels, counts.closed());
    families.add(Metric.UPSTREAM_WAITED, labels, counts.waited());
    families.add(Metric.UPSTREAM_WAIT_TIME, labels, Families.seconds(counts.waitNanos()));
    families.add(Metric.UPSTREAM_RETRIES, labels, counts.retries());
    families.add(Metric.UPSTREAM_RETRIES_REFUSED, labels, counts.retriesRefused());
    families.add(Metric.UPSTREAM_PAUSES, labels, counts.pauses());
    counts
        .failures()
        .forEach((kind, count) ->
            families.add(Metric.UPSTREAM_FAILURES, labels.add("kind", kind), count));
  }

  private void listener(DataPlane.ListenerFigures listener) {
    Labels labels = Labels.of("listener", listener.listener());
    families.add(Metric.LISTENER_ACCEPTED, labels, listener.accepted());
    families.add(Metric.LISTENER_OPEN, labels, listener.open());
    listener
        .closed()
        .forEach((reason, count) ->
            families.add(Metric.LISTENER_CLOSED, labels.add("reason", reason), count));
  }

  private void accepting() {
    DataPlane.AcceptFigures accepting = plane.accepting();
    families.add(Metric.CONNECTIONS_MAX, accepting.connectionsMax());
    Labels full = Labels.of("reason", "connections_max");
    families.add(Metric.ACCEPT_PAUSES, full, accepting.fullPauses());
    families.add(Metric.ACCEPT_PAUSES, Labels.of("reason", "failure"), accepting.failures());
  }

  private void tls() {
    DataPlane.TlsFigures tls = plane.tls();
    tls.completed()
        .forEach((suite, count) -> {
          Labels labels = Labels.of("protocol", suite.protocol(), "cipher", suite.cipher());
          families.add(Metric.TLS_HANDSHAKES, labels, count);
        });
    tls.failures()
        .forEach((reason, count) ->
            families.add(Metric.TLS_FAILURES, Labels.of("reason", reason), count));
    families.add(Metric.TLS_DURATION, Labels.EMPTY, tls.durations());
  }

  private void certificates() {
    plane.certificates().stream()
        .sorted(Comparator.comparingLong(DataPlane.CertificateFigures::notAfterEpochSeconds))
        .limit(CERTIFICATES_MAX)
        .forEach(each ->
            families.add(
                Metric.CERTIFICATE_EXPIRY,
                Labels.of("certificate", each.name()),
                each.notAfterEpochSeconds()));
  }

  private void loop(DataPlane.LoopFigures loop) {
    Labels labels = Labels.of("loop", Integer.toString(loop.loop()));
    if (loop.allocatedBytes() >= 0) {
      families.add(Metric.LOOP_ALLOCATED, labels, loop.allocatedBytes());
    }
    if (loop.cpuNanos() >= 0) {
      families.add(Metric.LOOP_CPU, labels, Families.seconds(loop.cpuNanos()));
    }
    families.add(Metric.LOOP_LAG, labels, loop.lag());
  }
}
