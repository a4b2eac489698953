package dev.penstock.ingress.translate;

import dev.penstock.ingress.annotation.AnnotationTable;
import dev.penstock.ingress.annotation.WrittenAnnotations;
import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.EndpointSliceObject;
import dev.penstock.ingress.source.IngressClassObject;
import dev.penstock.ingress.source.IngressObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.SecretObject;
import dev.penstock.ingress.source.ServiceObject;
import dev.penstock.model.Endpoint;
import dev.penstock.model.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Random objects such as no source would let through, and such as it would. */
final class Garbage {
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "a",
          "x/y",
          "good",
          "good.test",
          "plain.test",
          "*.test",
          "*",
          "a..b",
          "10.0.0.1",
          "/",
          "/a",
          "/a/",
          "//",
          "/../x",
          "/%41",
          "/a b",
          "a\nb",
          "\u0000",
          "\ud83d",
          "\u202e",
          "Exact",
          "Prefix",
          "ImplementationSpecific",
          "http",
          "80",
          "true",
          "0",
          "-1",
          "8m",
          "/(a|b)+",
          "(",
          "kubernetes.io/tls",
          "ExternalName",
          "TCP",
          "UDP",
          "IPv4",
          "IPv6",
          "::1",
          "10.0.0.2",
          "-----BEGIN CERTIFICATE-----",
          "café",
          "é".repeat(300),
          "default",
          "other");
  private static final List<String> KEYS = List.copyOf(AnnotationTable.all().keySet());
  private static final int OBJECTS_MAX = 6;

  private final Random random;

  Garbage(Random random) {
    this.random = random;
  }

  /** Ingresses anywhere, all younger; the other objects not in the namespace of the good ones. */
  ClusterView besides(ClusterView good) {
    Map<ObjectKey, IngressObject> ingresses = new HashMap<>(good.ingresses());
    Map<String, IngressClassObject> classes = new HashMap<>(good.classes());
    Map<ObjectKey, ServiceObject> services = new HashMap<>(good.services());
    Map<ObjectKey, EndpointSliceObject> slices = new HashMap<>(good.slices());
    Map<ObjectKey, SecretObject> secrets = new HashMap<>(good.secrets());
    for (int i = random.nextInt(OBJECTS_MAX); i >= 0; i--) {
      IngressObject ingress = ingress();
      ingresses.putIfAbsent(ingress.key(), ingress);
      ServiceObject service = service();
      services.putIfAbsent(service.key(), service);
      EndpointSliceObject slice = slice();
      slices.putIfAbsent(slice.key(), slice);
      ObjectKey secret = foreign();
      secrets.putIfAbsent(
          secret, new SecretObject(source(), secret, text(), texts("tls.crt"), Set.of()));
      classes.put(
          text(), new IngressClassObject(source(), text(), text(), sometimes(), sometimes()));
    }
    return new ClusterView(ingresses, classes, services, slices, secrets);
  }

  private @Nullable Source sometimes() {
    return random.nextBoolean() ? null : source();
  }

  private IngressObject ingress() {
    ObjectKey key = random.nextBoolean() ? foreign() : new ObjectKey("default", "bad-" + text());
    Map<String, String> annotations = new HashMap<>();
    while (random.nextInt(3) == 0) {
      annotations.put(
          AnnotationTable.PREFIX + (random.nextInt(9) == 0 ? text() : any(KEYS)), text());
    }
    return new IngressObject(
        source(),
        key,
        Instant.ofEpochSecond(1_500_000_000L + random.nextInt(1_000)),
        new WrittenAnnotations(annotations, Map.of()),
        random.nextBoolean() ? null : text(),
        backend(),
        // The good namespace's own TLS entries count for the good hosts: that is their meaning.
        key.namespace().equals("default") ? List.of() : list(this::tls),
        list(() -> new IngressObject.Rule(source(), text(), list(this::path))),
        "");
  }

  private IngressObject.Tls tls() {
    return new IngressObject.Tls(source(), list(this::text), text());
  }

  private IngressObject.Path path() {
    return new IngressObject.Path(source(), text(), text(), backend());
  }

  private IngressObject.@Nullable Backend backend() {
    if (random.nextInt(4) == 0) return null;
    String service = random.nextBoolean() ? "good" : text();
    String resource = random.nextInt(8) == 0 ? text() : "";
    return new IngressObject.Backend(
        source(), service, port(), random.nextInt(3) == 0 ? text() : "", resource);
  }

  private ServiceObject service() {
    return new ServiceObject(
        source(),
        foreign(),
        texts("penstock.dev/endpoints"),
        text(),
        text(),
        list(this::text),
        list(() -> new ServiceObject.Port(source(), text(), port(), text(), text())),
        random.nextInt(4) == 0 ? List.of(new Endpoint("127.0.0.1", 1)) : List.of());
  }

  private EndpointSliceObject slice() {
    return new EndpointSliceObject(
        source(),
        foreign(),
        random.nextBoolean() ? "good" : text(),
        text(),
        list(() -> new EndpointSliceObject.Port(text(), port(), text())),
        list(() ->
            new EndpointSliceObject.Member(
                source(),
                list(this::text),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean())));
  }

  /** Any namespace but that of the good objects. */
  private ObjectKey foreign() {
    String namespace = text();
    return new ObjectKey(namespace.equals("default") ? "other" : namespace, text());
  }

  private Source source() {
    return new Source(text(), text(), text(), random.nextBoolean() ? "" : text(), 0, 0);
  }

  private int port() {
    return any(List.of(0, 80, 80, 80, -1, 70_000));
  }

  private Map<String, String> texts(String key) {
    return random.nextBoolean() ? Map.of() : Map.of(key, text());
  }

  private String text() {
    return any(TEXTS);
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private <T> List<T> list(Supplier<T> element) {
    List<T> elements = new ArrayList<>();
    while (elements.size() < 5 && random.nextInt(3) > 0) elements.add(element.get());
    return elements;
  }
}
