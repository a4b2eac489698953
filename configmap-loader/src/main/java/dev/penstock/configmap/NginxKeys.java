package dev.penstock.configmap;

import java.util.ArrayList;
import java.util.List;

/** What is nginx's alone: its tables and loops, tracers that are gone, and raw configuration. */
final class NginxKeys {
  private NginxKeys() {}

  private static final List<String> INSIDE =
      List.of(
          "enable-multi-accept",
          "max-worker-open-files",
          "map-hash-bucket-size",
          "server-name-hash-max-size",
          "server-name-hash-bucket-size",
          "proxy-headers-hash-max-size",
          "proxy-headers-hash-bucket-size",
          "variables-hash-bucket-size",
          "variables-hash-max-size",
          "enable-aio-write",
          "worker-cpu-affinity",
          "enable-serial-reloads",
          "lua-shared-dicts",
          "debug-connections",
          "http2-max-field-size",
          "http2-max-header-size",
          "http2-max-requests");

  /** Documented, and without effect in ingress-nginx 1.15 too. */
  private static final List<String> DEAD =
      List.of(
          "use-geoip",
          "jaeger-collector-host",
          "jaeger-collector-port",
          "jaeger-endpoint",
          "jaeger-service-name",
          "jaeger-propagation-format",
          "jaeger-sampler-type",
          "jaeger-sampler-param",
          "jaeger-sampler-host",
          "jaeger-sampler-port",
          "jaeger-trace-context-header-name",
          "jaeger-debug-header",
          "jaeger-baggage-header",
          "jaeger-trace-baggage-header-prefix");

  private static final List<String> RAW =
      List.of(
          "allow-snippet-annotations",
          "main-snippet",
          "http-snippet",
          "server-snippet",
          "stream-snippet",
          "location-snippet",
          "global-auth-snippet",
          "modsecurity-snippet");

  static final List<Key> ALL = all();

  private static List<Key> all() {
    List<Key> all = new ArrayList<>();
    INSIDE.forEach(name -> all.add(new Key.Meaningless(name, "tunes the inside of nginx")));
    DEAD.forEach(name -> all.add(new Key.Meaningless(name, "does nothing in ingress-nginx 1.15")));
    RAW.forEach(name -> all.add(new Key.Raw(name)));
    return List.copyOf(all);
  }
}
