package dev.penstock.core.observe;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * The series that ingress-nginx has of its controller and its nginx, as far as they are true of
 * this process: what there is no figure for is left out.
 */
final class NginxCollector {
  /** Hosts with a certificate that are shown: those whose certificate expires first. */
  static final int CERTIFICATE_HOSTS_MAX = 2_000;

  private final Exposition.Sources sources;
  private final Families families;
  private final Labels constant;

  NginxCollector(Exposition.Sources sources, Families families) {
    this.sources = sources;
    this.families = families;
    this.constant = sources.controller().labels();
  }

  void collect() {
    ServingState.Moment now = sources.state().now();
    boolean successful = now.version() >= 0 && now.error() == null;
    families.add(Metric.NGINX_CONFIG_HASH, constant, sources.dataPlane().snapshot().hash());
    families.add(Metric.NGINX_RELOAD_SUCCESSFUL, constant, successful ? 1 : 0);
    families.add(Metric.NGINX_RELOAD_TIMESTAMP, constant, now.sinceEpochMillis() / 1000.0);
    families.add(Metric.NGINX_SUCCESS, constant, sources.state().changes());
    families.add(Metric.NGINX_ERRORS, constant, sources.state().refusals());
    ServingState.Leader leader = sources.state().leader();
    if (leader != null && !leader.election().isEmpty()) {
      Labels name = Labels.of("name", leader.election());
      families.add(Metric.NGINX_LEADER, constant.merge(name), leader.leads() ? 1 : 0);
    }
    Exposition.Build build = sources.build();
    families.add(
        Metric.NGINX_BUILD,
        constant.merge(Labels.of("release", build.version(), "build", build.revision())),
        1);
    certificates();
    process();
  }

  /** A certificate, with the labels of one of its hosts. */
  private record Secured(Labels labels, DataPlane.CertificateFigures certificate) {}

  private void certificates() {
    families.each(
        Metric.NGINX_SSL_EXPIRY,
        this::secured,
        (family, each) -> family.add(each.labels, each.certificate.notAfterEpochSeconds()));
    families.each(
        Metric.NGINX_SSL_INFO,
        this::secured,
        (family, each) -> family.add(each.labels.merge(details(each.certificate)), 1));
  }

  private List<Secured> secured() {
    return sources.dataPlane().certificates().stream()
        .sorted(Comparator.comparingLong(DataPlane.CertificateFigures::notAfterEpochSeconds))
        .flatMap(each -> each.hosts().stream().map(host -> new Secured(labels(each, host), each)))
        .limit(CERTIFICATE_HOSTS_MAX)
        .sorted(Comparator.comparing(Secured::labels))
        .toList();
  }

  private Labels labels(DataPlane.CertificateFigures certificate, String host) {
    int slash = certificate.name().indexOf('/');
    return Labels.of(
        "namespace", certificate.name().substring(0, Math.max(0, slash)),
        "class", sources.controller().controllerClass(),
        "host", host,
        "secret_name", certificate.name().substring(slash + 1),
        // In front of it, ingress-nginx has the serial number of the issuer's name: rare.
        "identifier", "-" + certificate.serialNumber());
  }

  private static Labels details(DataPlane.CertificateFigures certificate) {
    DistinguishedName issuer = DistinguishedName.parse(certificate.issuer());
    return Labels.of(
        "issuer_organization", issuer.organization(),
        "issuer_common_name", issuer.commonName(),
        "serial_number", certificate.serialNumber(),
        "public_key_algorithm", goName(certificate.keyAlgorithm()));
  }

  /** Go, and so ingress-nginx, says ECDSA where Java says EC. */
  private static String goName(String keyAlgorithm) {
    return keyAlgorithm.equals("EC") ? "ECDSA" : keyAlgorithm;
  }

  private void process() {
    List<DataPlane.ListenerFigures> listeners = sources.dataPlane().listeners();
    long accepted = listeners.stream().mapToLong(DataPlane.ListenerFigures::accepted).sum();
    long open = listeners.stream().mapToLong(DataPlane.ListenerFigures::open).sum();
    families.add(Metric.NGINX_CONNECTIONS, state("active"), open);
    families.add(Metric.NGINX_CONNECTIONS, state("writing"), sources.dataPlane().activeRequests());
    families.add(Metric.NGINX_CONNECTIONS_TOTAL, state("accepted"), accepted);
    families.add(Metric.NGINX_CONNECTIONS_TOTAL, state("handled"), accepted);
    families.add(Metric.NGINX_REQUESTS_TOTAL, constant, sources.routes().requests());
    families.add(Metric.NGINX_PROCESSES, constant, 1);
    ProcessFigures process = ProcessFigures.read();
    families.add(Metric.NGINX_START_TIME, constant, process.startEpochMillis() / 1000.0);
    add(Metric.NGINX_RESIDENT, process.residentBytes());
    add(Metric.NGINX_VIRTUAL, process.virtualBytes());
    add(Metric.NGINX_READ, process.readBytes());
    add(Metric.NGINX_WRITTEN, process.writtenBytes());
    process
        .cpuNanos()
        .ifPresent(nanos -> families.add(Metric.NGINX_CPU, constant, Family.seconds(nanos)));
  }

  private Labels state(String state) {
    return constant.merge(Labels.of("state", state));
  }

  private void add(Metric metric, OptionalLong value) {
    value.ifPresent(known -> families.add(metric, constant, known));
  }
}
