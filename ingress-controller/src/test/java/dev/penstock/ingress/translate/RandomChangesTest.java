package dev.penstock.ingress.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.IngressClassObject;
import dev.penstock.ingress.source.ManifestReader;
import dev.penstock.model.Publication;
import dev.penstock.model.Translation;
import dev.penstock.testkit.TestCertificate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Objects of few names that come, change and go at random, so that they meet often: a translation
 * that remembers the ones before must find what one that remembers nothing finds.
 */
class RandomChangesTest {
  private static final int CHANGES = 150;
  private static final List<String> HOSTS =
      List.of("", "a.test", "b.test", "c.test", "*.test", "x.a.test");
  private static final List<TestCertificate> CERTIFICATES =
      List.of(TestCertificate.ec("a.test"), TestCertificate.ec("*.test"));

  private final TranslationMemory memory = new TranslationMemory();
  private final TranslationOptions options = Translated.options(Optional.of("ours"));

  /** By a name of the test's own; what has not changed stays the same object. */
  private final Map<String, ClusterView> objects = new TreeMap<>();

  private ClusterView view = ClusterView.EMPTY;
  private Random random = new Random(0);
  private Publication served = Publication.EMPTY;

  static LongStream seeds() {
    Random seeds = new Random();
    return LongStream.concat(LongStream.range(0, 12), seeds.longs(4));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatIsRememberedIsWhatWouldBeFound(long seed) {
    random = new Random(seed);
    for (int i = 0; i < CHANGES; i++) {
      String change = change();
      ClusterView now = view();
      Translation<Publication> fresh = IngressTranslator.translate(now, served, options);
      Translation<Publication> remembered =
          IngressTranslator.translate(now, served, options, memory);
      assertThat(remembered).as("seed %d, change %d: %s", seed, i, change).isEqualTo(fresh);
      served = remembered.value();
    }
  }

  private String change() {
    String kind =
        oneOf("ingress", "ingress", "ingress", "service", "slice", "slice", "secret", "class");
    String name = kind.equals("class") ? "ours" : oneOf("a", "b", "c", "d");
    String namespace = kind.equals("class") ? "" : oneOf("one", "two");
    String object = kind + " " + namespace + "/" + name;
    if (random.nextInt(4) == 0) {
      objects.remove(object);
      return "delete " + object;
    }
    String yaml =
        switch (kind) {
          case "ingress" -> ingress(name, namespace);
          case "service" -> service(name, namespace);
          case "slice" -> slice(name, namespace);
          case "secret" -> secret(name, namespace);
          default -> ingressClass(name);
        };
    objects.put(
        object,
        ManifestReader.readAll(Map.of(object, yaml.getBytes(StandardCharsets.UTF_8))).value());
    return "write " + object + ":\n" + yaml;
  }

  /** As from a source: a kind of which nothing has changed is most often the same map. */
  private ClusterView view() {
    Collection<ClusterView> all = objects.values();
    Map<String, IngressClassObject> classes = new HashMap<>();
    all.forEach(one -> classes.putAll(one.classes()));
    view =
        new ClusterView(
            kept(view.ingresses(), joined(all, ClusterView::ingresses)),
            kept(view.classes(), classes),
            kept(view.services(), joined(all, ClusterView::services)),
            kept(view.slices(), joined(all, ClusterView::slices)),
            kept(view.secrets(), joined(all, ClusterView::secrets)));
    return view;
  }

  private <K, V> Map<K, V> kept(Map<K, V> before, Map<K, V> now) {
    return before.equals(now) && random.nextInt(4) > 0 ? before : now;
  }

  private static <K, V> Map<K, V> joined(
      Collection<ClusterView> all, Function<ClusterView, Map<K, V>> kind) {
    Map<K, V> joined = new HashMap<>();
    all.forEach(one -> joined.putAll(kind.apply(one)));
    return joined;
  }

  private String ingress(String name, String namespace) {
    List<String> rules = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      String type = oneOf("Prefix", "Exact", "Wrong");
      rules.add(
          Yaml.rule(
              oneOf(HOSTS),
              Yaml.path(type, oneOf("/", "/x", "/y/"), oneOf("a", "b")),
              Yaml.path("Prefix", oneOf("/z", "/x"), oneOf("a", "b", "gone"))));
    }
    String spec = Yaml.rules(rules.toArray(String[]::new));
    if (random.nextInt(4) == 0) spec += ", " + Yaml.defaultBackend(oneOf("a", "b"));
    if (random.nextBoolean()) spec += ", tls: [" + tls() + ", " + tls() + "]";
    if (random.nextInt(3) > 0) spec += ", ingressClassName: " + oneOf("ours", "ours", "theirs");
    String annotations =
        oneOf(
            "",
            "",
            ", annotations: {nginx.ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8}",
            ", annotations: {nginx.ingress.kubernetes.io/use-regex: \"true\"}");
    return """
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: {name: %s, namespace: %s, creationTimestamp: "2026-01-0%dT00:00:00Z"%s}
    spec: {%s}
    """
        .formatted(name, namespace, 1 + random.nextInt(3), annotations, spec);
  }

  private String tls() {
    String host = oneOf(HOSTS);
    String hosts = host.isEmpty() ? "" : "hosts: [\"" + host + "\"], ";
    return "{" + hosts + "secretName: " + oneOf("a", "b", "c") + "}";
  }

  private String service(String name, String namespace) {
    return """
    apiVersion: v1
    kind: Service
    metadata: {name: %s, namespace: %s}
    spec: {ports: [{name: %s, port: %d}]}
    """
        .formatted(name, namespace, oneOf("http", "web"), oneOf(80, 80, 81));
  }

  private String slice(String name, String namespace) {
    return """
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: %s, namespace: %s, labels: {kubernetes.io/service-name: %s}}
    addressType: IPv4
    ports: [{name: http, port: 8080}]
    endpoints: [{addresses: ["%s"], conditions: {ready: %s}}]
    """
        .formatted(
            name,
            namespace,
            oneOf("a", "b"),
            oneOf("10.0.0.1", "10.0.0.2", "0.0.0.0"),
            random.nextBoolean());
  }

  private String secret(String name, String namespace) {
    TestCertificate certificate = oneOf(CERTIFICATES);
    TestCertificate key = random.nextInt(4) == 0 ? CERTIFICATES.getFirst() : certificate;
    return Yaml.tlsSecret(name, "kubernetes.io/tls", certificate.chainPem(), key.keyPem())
        .replace("metadata: {", "metadata: {namespace: " + namespace + ", ");
  }

  private String ingressClass(String name) {
    return """
    apiVersion: networking.k8s.io/v1
    kind: IngressClass
    metadata:
      name: %s
      annotations: {ingressclass.kubernetes.io/is-default-class: "%s"}
    spec: {controller: penstock.dev/ingress}
    """
        .formatted(name, random.nextBoolean());
  }

  @SafeVarargs
  private <T> T oneOf(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
