package dev.penstock.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.translate.Denied;
import dev.penstock.ingress.translate.IngressTranslator;
import dev.penstock.ingress.translate.TranslationOptions;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Diagnostic.Level;
import dev.penstock.model.Diagnostic.Reason;
import dev.penstock.model.Json;
import dev.penstock.model.JsonFault;
import dev.penstock.model.Publication;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random Ingresses that meet often, reviewed and then stored: what the webhook denies is what the
 * controller then refuses of them, and what it allows is what the controller takes.
 */
class RandomReviewsTest {
  private static final int REVIEWS = 60;

  /** That no other object can have caused, or that could go with one. */
  private static final Set<Reason> NOT_ITS_FAULT =
      Set.of(Reason.BACKEND_NOT_FOUND, Reason.BAD_CERTIFICATE, Reason.NO_ENDPOINTS);

  private final Map<String, String> objects = new TreeMap<>();
  private final Admission admission = World.admission();
  private Random random = new Random(0);

  static LongStream seeds() {
    return LongStream.concat(LongStream.range(0, 6), new Random().longs(3));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theAnswerIsWhatTheControllerThenSays(long seed) throws JsonFault {
    random = new Random(seed);
    objects.put(
        "",
        "{\"kind\": \"IngressClass\", \"metadata\": {\"name\": \"penstock\"},"
            + " \"spec\": {\"controller\": \"penstock.dev/ingress-controller\"}}");
    for (String service : List.of("one/a", "one/b", "two/a")) {
      String[] name = service.split("/");
      objects.put(
          service,
          "{\"kind\": \"Service\", \"metadata\": {\"name\": \""
              + name[1]
              + "\", \"namespace\": \""
              + name[0]
              + "\"}, \"spec\": {\"ports\": [{\"port\": 80}]}}");
    }
    for (int i = 0; i < REVIEWS; i++) {
      String namespace = oneOf("one", "two");
      String name = oneOf("w", "x", "y", "z");
      String key = "ingress " + namespace + "/" + name;
      String old = objects.get(key);
      String ingress = ingress(name, namespace);
      List<String> before = refusals(key);
      Set<String> lost = lost();
      admission.onView(view());
      String answer =
          World.answer(admission, review(old == null ? "CREATE" : "UPDATE", ingress, old)).text();
      objects.put(key, ingress);
      List<String> after = refusals(key);
      before.forEach(after::remove); // each once
      after.removeAll(lost);

      assertThat(answer.contains("\"allowed\": true"))
          .as("seed %d, review %d: %s%n%s%n%s", seed, i, ingress, answer, after)
          .isEqualTo(after.isEmpty());
      boolean isStored = random.nextInt(3) > 0;
      if (!isStored && old == null) objects.remove(key);
      if (!isStored && old != null) objects.put(key, old);
    }
  }

  /** What the controller refuses of an Ingress, in whatever rule, and what others lose by it. */
  private List<String> refusals(String key) {
    String object = "Ingress " + key.substring("ingress ".length());
    return errors().stream()
        .filter(d -> !NOT_ITS_FAULT.contains(d.reason()))
        .filter(d -> !(d.reason() == Reason.CLOSED && d.field().startsWith("spec.")))
        .filter(d -> d.source().object().equals(object) || d.reason() == Reason.CONFLICT)
        .map(d ->
            d.source().object().equals(object) ? d.toString().replaceAll("\\[\\d]", "") : place(d))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /** Paths that others have lost, whoever took or closed them: they lose nothing more. */
  private Set<String> lost() {
    return errors().stream()
        .filter(d -> d.reason() == Reason.CONFLICT || d.reason() == Reason.CLOSED)
        .map(RandomReviewsTest::place)
        .collect(Collectors.toSet());
  }

  private List<Diagnostic> errors() {
    TranslationOptions options =
        new TranslationOptions(
            World.SETTINGS.configMaps(),
            World.CLASSES,
            Denied.NOTHING,
            true,
            Instant.parse("2026-11-26T00:00:00Z"));
    return IngressTranslator.translate(view(), Publication.EMPTY, options).diagnostics().stream()
        .filter(d -> d.level() == Level.ERROR)
        .toList();
  }

  private static String place(Diagnostic diagnostic) {
    return diagnostic.source() + " " + diagnostic.field();
  }

  private ClusterView view() {
    return World.of("[" + String.join(",\n", objects.values()) + "]");
  }

  private static byte[] review(String operation, String object, @Nullable String old)
      throws JsonFault {
    Json.Struct request =
        Json.Struct.EMPTY.with("operation", operation).with("object", Json.parse(object));
    return World.review("u", old == null ? request : request.with("oldObject", Json.parse(old)));
  }

  private String ingress(String name, String namespace) {
    List<String> rules = new ArrayList<>();
    for (int i = random.nextInt(2); i >= 0; i--) {
      rules.add(
          """
          {"host": "%s", "http": {"paths": [
           {"path": "%s", "pathType": "%s",
            "backend": {"service": {"name": "%s", "port": {"number": 80}}}}]}}\
          """
              .formatted(
                  oneOf("a.test", "a.test", "b.test", "*.test", "", "a..b"),
                  oneOf("/", "/x", "/x/", "/y", "/z", "/a b", "/(", "//"),
                  oneOf("Prefix", "Prefix", "Exact", "ImplementationSpecific", "Wrong"),
                  oneOf("a", "b", "gone")));
    }
    String annotation =
        oneOf(
            "",
            "",
            "",
            "\"nginx.ingress.kubernetes.io/use-regex\": \"true\"",
            "\"nginx.ingress.kubernetes.io/whitelist-source-range\": \"10.0.0.0/8\"",
            "\"nginx.ingress.kubernetes.io/proxy-read-timeout\": \"soon\"");
    return """
    {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
     "metadata": {"name": "%s", "namespace": "%s", "annotations": {%s},
      "creationTimestamp": "2026-01-0%dT00:00:00Z"},
     "spec": {"ingressClassName": "%s", "rules": [%s]}}\
    """
        .formatted(
            name,
            namespace,
            annotation,
            1 + random.nextInt(3),
            oneOf("penstock", "penstock", "penstock", "other"),
            String.join(", ", rules));
  }

  private String oneOf(String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
