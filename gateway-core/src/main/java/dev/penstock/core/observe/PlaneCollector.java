package dev.penstock.core.observe;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What the data plane tells of itself, as series of one scrape. */
final class PlaneCollector {
  /** Upstreams shown one by one; the figures of the others are added up. */
  static final int UPSTREAMS_MAX = 2_000;

  /** Certificates shown: those that expire first, since these are looked for. */
  static final int CERTIFICATES_MAX = 2_000;

  private static final DataPlane.UpstreamFigures OVERFLOW =
      new DataPlane.UpstreamFigures("__overflow__", 0, 0, 0, 0, 0, DataPlane.UpstreamCounts.NONE);

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
    families.add(Metric.SNAPSHOT_COMPILE_TIME, Family.seconds(snapshot.compileNanos()));
  }

  private void upstreams() {
    List<DataPlane.UpstreamFigures> figures = plane.upstreams();
    int shown = Math.min(UPSTREAMS_MAX, figures.size());
    List<DataPlane.UpstreamFigures> all = new ArrayList<>(figures.subList(0, shown));
    figures.subList(shown, figures.size()).stream()
        .reduce(DataPlane.UpstreamFigures::plus)
        .ifPresent(rest -> all.add(OVERFLOW.plus(rest)));
    all.sort(Comparator.comparing(DataPlane.UpstreamFigures::upstream));
    each(all, Metric.UPSTREAM_ENDPOINTS, each -> each.endpoints());
    each(all, Metric.UPSTREAM_PAUSED, each -> each.paused());
    each(all, Metric.UPSTREAM_OPEN, each -> each.open());
    each(all, Metric.UPSTREAM_IDLE, each -> each.idle());
    each(all, Metric.UPSTREAM_WAITING, each -> each.waiting());
    each(all, Metric.UPSTREAM_OPENED, each -> each.counts().opened());
    each(all, Metric.UPSTREAM_CONNECT_TIME, each -> Family.seconds(each.counts().connectNanos()));
    each(all, Metric.UPSTREAM_CLOSED, each -> each.counts().closed());
    each(all, Metric.UPSTREAM_WAITED, each -> each.counts().waited());
    each(all, Metric.UPSTREAM_WAIT_TIME, each -> Family.seconds(each.counts().waitNanos()));
    each(all, Metric.UPSTREAM_RETRIES, each -> each.counts().retries());
    each(all, Metric.UPSTREAM_RETRIES_REFUSED, each -> each.counts().retriesRefused());
    each(all, Metric.UPSTREAM_PAUSES, each -> each.counts().pauses());
    all.forEach(this::failures);
  }

  private void each(
      List<DataPlane.UpstreamFigures> all,
      Metric metric,
      ToDoubleFunction<DataPlane.UpstreamFigures> value) {
    families.each(
        metric,
        () -> all,
        (family, each) ->
            family.add(Labels.of("upstream", each.upstream()), value.applyAsDouble(each)));
  }

  private void failures(DataPlane.UpstreamFigures figures) {
    figures
        .counts()
        .failures()
        .forEach((kind, count) -> {
          Labels labels = Labels.of("kind", kind, "upstream", figures.upstream());
          families.add(Metric.UPSTREAM_FAILURES, labels, count);
        });
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
    families.each(
        Metric.CERTIFICATE_EXPIRY,
        this::expiring,
        (family, each) ->
            family.add(Labels.of("certificate", each.name()), each.notAfterEpochSeconds()));
  }

  private List<DataPlane.CertificateFigures> expiring() {
    return plane.certificates().stream()
        .sorted(Comparator.comparingLong(DataPlane.CertificateFigures::notAfterEpochSeconds))
        .limit(CERTIFICATES_MAX)
        .sorted(Comparator.comparing(DataPlane.CertificateFigures::name))
        .toList();
  }

  private void loop(DataPlane.LoopFigures loop) {
    Labels labels = Labels.of("loop", Integer.toString(loop.loop()));
    if (loop.allocatedBytes() >= 0) {
      families.add(Metric.LOOP_ALLOCATED, labels, loop.allocatedBytes());
    }
    if (loop.cpuNanos() >= 0) {
      families.add(Metric.LOOP_CPU, labels, Family.seconds(loop.cpuNanos()));
    }
    families.add(Metric.LOOP_LAG, labels, loop.lag());
  }
}
