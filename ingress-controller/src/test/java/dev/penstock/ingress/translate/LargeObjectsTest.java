package dev.penstock.ingress.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.annotation.WrittenAnnotations;
import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.EndpointSliceObject;
import dev.penstock.ingress.source.IngressObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.ServiceObject;
import dev.penstock.model.Publication;
import dev.penstock.model.Source;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** As much as one object has room for: not everything is compared with everything. */
class LargeObjectsTest {
  private static final int MANY = 10_000;

  /** Of the processor, which other tests do not take. */
  private static final Duration CPU_MAX = Duration.ofSeconds(3);

  private static final ObjectKey WEB = new ObjectKey("shop", "web");
  private static final Source SOURCE = Source.of("Any", "shop", "web");
  private static final WrittenAnnotations NONE = new WrittenAnnotations(Map.of(), Map.of());

  private static IngressObject ingress(
      List<IngressObject.Tls> tls, List<IngressObject.Rule> rules) {
    return new IngressObject(SOURCE, WEB, Instant.EPOCH, NONE, null, null, tls, rules, "");
  }

  private static IngressObject.Path path(int number, int port) {
    return new IngressObject.Path(
        SOURCE, "/p" + number, "Prefix", new IngressObject.Backend(SOURCE, "web", port, "", ""));
  }

  private static ServiceObject service(int ports) {
    return new ServiceObject(
        SOURCE,
        WEB,
        Map.of(),
        "ClusterIP",
        "",
        List.of(),
        IntStream.rangeClosed(1, ports)
            .mapToObj(port -> new ServiceObject.Port(SOURCE, "port-" + port, port, "", "TCP"))
            .toList(),
        List.of());
  }

  private static EndpointSliceObject slice(String portName, int ports) {
    return new EndpointSliceObject(
        SOURCE,
        WEB,
        "web",
        "IPv4",
        IntStream.rangeClosed(1, ports)
            .mapToObj(port -> new EndpointSliceObject.Port(portName + port, port, "TCP"))
            .toList(),
        List.of(new EndpointSliceObject.Member(SOURCE, List.of("10.0.0.1"), true, true, false)));
  }

  private static Translated translated(
      IngressObject ingress, ServiceObject service, Map<ObjectKey, EndpointSliceObject> slices) {
    ClusterView view =
        new ClusterView(Map.of(WEB, ingress), Map.of(), Map.of(WEB, service), slices, Map.of());
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long beganNanos = threads.getCurrentThreadCpuTime();
    Translated translated =
        Translated.of(view, Publication.EMPTY, Translated.options(Optional.empty()));
    assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - beganNanos))
        .isLessThan(CPU_MAX);
    return translated;
  }

  @Test
  void tenThousandHostsOfCertificatesBesideAsManyRules() {
    List<IngressObject.Tls> tls =
        List.of(
            new IngressObject.Tls(
                SOURCE, IntStream.range(0, MANY).mapToObj(i -> "t" + i + ".a" + i).toList(), "s"));
    List<IngressObject.Rule> rules =
        IntStream.range(0, MANY)
            .mapToObj(i -> new IngressObject.Rule(SOURCE, "r" + i + ".b" + i, List.of(path(i, 1))))
            .toList();

    assertThat(translated(ingress(tls, rules), service(1), Map.of()).diagnostics())
        .anyMatch(told -> told.message().contains("is the host of no rule of this Ingress"));
  }

  @Test
  void tenThousandPathsToAsManyPortsOfAServiceWithMoreOfThem() {
    List<IngressObject.Path> paths =
        IntStream.range(0, MANY).mapToObj(i -> path(i, 3 * MANY - i)).toList();
    IngressObject ingress =
        ingress(List.of(), List.of(new IngressObject.Rule(SOURCE, "a.test", paths)));

    assertThat(
            translated(ingress, service(3 * MANY), Map.of(WEB, slice("port-", 3 * MANY)))
                .endpoints("shop/web:" + 3 * MANY))
        .containsExactly("10.0.0.1:" + 3 * MANY);
  }

  @Test
  void tenThousandPathsToPortsThatNoSliceHas() {
    List<IngressObject.Path> paths =
        IntStream.range(0, MANY).mapToObj(i -> path(i, i + 1)).toList();
    IngressObject ingress =
        ingress(List.of(), List.of(new IngressObject.Rule(SOURCE, "a.test", paths)));

    assertThat(
            translated(ingress, service(MANY), Map.of(WEB, slice("other-", 2 * MANY)))
                .diagnostics())
        .anyMatch(told -> told.message().contains("which no port of its EndpointSlices has"));
  }

  @Test
  void tenThousandPathsToPortsThatTheServiceDoesNotHave() {
    List<IngressObject.Path> paths =
        IntStream.range(0, MANY).mapToObj(i -> path(i, 4 * MANY + i)).toList();
    IngressObject ingress =
        ingress(List.of(), List.of(new IngressObject.Rule(SOURCE, "a.test", paths)));

    assertThat(translated(ingress, service(3 * MANY), Map.of()).diagnostics())
        .anyMatch(told -> told.message().contains("has no TCP port 40000"));
  }
}
