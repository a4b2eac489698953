package dev.penstock.ingress.source.kubernetes;

import static dev.penstock.ingress.source.kubernetes.ApiObjects.configMap;
import static dev.penstock.ingress.source.kubernetes.ApiObjects.service;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.kubernetes.KubernetesScope.SecretsMode;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Source;
import dev.penstock.testkit.SeenRequest;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The guide's rights for {@code --watch-namespace} are those that are used, all of them. */
class ScopedRightsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectKey GATEWAY = new ObjectKey("penstock", "penstock");
  private static final Duration SOON = Duration.ofSeconds(30);

  /**
   * What is granted or asked for.
   *
   * @param namespace empty = none, or all
   * @param name empty = any
   */
  private record Right(String namespace, String verb, String group, String resource, String name) {
    boolean allows(Right use) {
      return (name.isEmpty() || name.equals(use.name)) && use.named(name).equals(this);
    }

    Right named(String other) {
      return new Right(namespace, verb, group, resource, other);
    }
  }

  @Test
  void theyAreEnoughAndNoneIsTooMuch() throws IOException {
    Set<Right> used = used();
    List<Right> granted = granted();

    assertThat(used)
        .as("used and not granted")
        .allMatch(use -> granted.stream().anyMatch(right -> right.allows(use)));
    assertThat(granted)
        .as("granted and not used")
        .allMatch(right -> used.stream().anyMatch(right::allows));
  }

  /** What a leader asks for that publishes a Service and finds fault with all that it may. */
  private static Set<Right> used() {
    KubernetesScope scope =
        new KubernetesScope(
            Set.of("shop"), "", SecretsMode.TLS, Set.of(GATEWAY), Optional.of(GATEWAY));
    try (SourceFixture cluster = SourceFixture.empty(scope, false)) {
      cluster.putOneOfEach();
      cluster.api.put(service("penstock", "penstock"));
      cluster.api.put(configMap("penstock", "penstock", "{}"));
      cluster.start();
      cluster.time.passUntil("a view", SOON, () -> !cluster.views.isEmpty());
      cluster.time.runQuiet();
      cluster.source.close(); // the objects stay as they are, so that time passes fast
      lead(cluster, scope);
      cluster.time.pass(Election.TTL_MAX.plus(EventWriter.REWRITE_EVERY_MIN).plusMinutes(3));
      return uses(cluster);
    }
  }

  private static void lead(SourceFixture cluster, KubernetesScope scope) {
    List<Diagnostic> standing =
        Stream.of(
                Source.of("Ingress", "shop", "shop"),
                Source.of("ConfigMap", "penstock", "penstock"),
                Source.of("IngressClass", "", "penstock"))
            .map(object -> Diagnostic.warning(object, "", "is wrong"))
            .toList();
    Writers writers =
        new Writers(
            new WriterSettings(
                "a",
                Optional.of(
                    new Election(new ObjectKey("penstock", "penstock-leader"), Election.TTL_MAX)),
                Optional.of(
                    new StatusSettings(new StatusSettings.Addresses.OfService(GATEWAY), false)),
                true),
            scope,
            cluster.machinery,
            new Writers.Subjects(cluster.source, view -> view.ingresses().keySet(), () -> standing),
            () -> Instant.EPOCH,
            leads -> {});
    writers.start();
    cluster.time.execute(() -> writers.onView(cluster.view()));
  }

  private static Set<Right> uses(SourceFixture cluster) {
    Set<Right> used = new TreeSet<>(Comparator.comparing(Right::toString));
    List<String> asked = new ArrayList<>(cluster.api.asked());
    for (SeenRequest write : cluster.api.writes()) {
      String target = URLDecoder.decode(write.target(), StandardCharsets.UTF_8);
      used.add(use(write.method().equals("POST") ? "create" : "patch", target));
      asked.remove(target);
    }
    for (String target : asked) {
      String verb = target.contains("?limit") ? "list" : "get";
      used.add(use(target.contains("?watch=1") ? "watch" : verb, target));
    }
    return used;
  }

  private static final Pattern TARGET =
      Pattern.compile(
          "/apis?/(?:([^/?]+)/)?v1(?:/namespaces/([^/?]+))?/([a-z]+)(?:/([^/?]+))?(/status)?"
              + "(?:[?](?:.*fieldSelector=metadata.name=([^&]+))?.*)?");

  private static Right use(String verb, String target) {
    MatchResult found =
        TARGET.matcher(target).results().findFirst().orElseThrow(() -> new AssertionError(target));
    return new Right(
        text(found, 2), verb, text(found, 1), text(found, 3) + text(found, 5), name(found));
  }

  private static String name(MatchResult found) {
    return text(found, 4) + text(found, 6);
  }

  private static String text(MatchResult found, int group) {
    String text = found.group(group);
    return text == null ? "" : text;
  }

  // ---- the guide

  private static List<Right> granted() throws IOException {
    String guide = Files.readString(Path.of("../docs/kubernetes.md"));
    String rights = guide.substring(guide.indexOf("\n## Rights"), guide.indexOf("\nLine by line"));
    List<Right> granted = new ArrayList<>();
    Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
        .matcher(rights)
        .results()
        .flatMap(block -> Stream.of(block.group(1).split("---\n")))
        .map(text -> new Load(LoadSettings.builder().build()).loadFromString(text))
        .map(role -> JSON.convertValue(role, JsonNode.class))
        .filter(ScopedRightsTest::isOfAScope)
        .forEach(role -> granted.addAll(granted(role)));
    assertThat(granted).isNotEmpty();
    return granted;
  }

  private static boolean isOfAScope(JsonNode role) {
    String name = role.at("/metadata/name").asText();
    boolean isOwn = role.at("/kind").asText().equals("Role") && name.equals("penstock");
    return isOwn || name.equals("penstock-scope");
  }

  private static List<Right> granted(JsonNode role) {
    List<Right> granted = new ArrayList<>();
    String namespace = role.at("/metadata/namespace").asText("");
    for (JsonNode rule : role.at("/rules")) {
      List<String> names = texts(rule.path("resourceNames"));
      String group = rule.at("/apiGroups/0").asText();
      for (String verb : texts(rule.path("verbs"))) {
        for (String resource : texts(rule.path("resources"))) {
          Right any = new Right(namespace, verb, group, resource, "");
          granted.addAll(names.isEmpty() ? List.of(any) : names.stream().map(any::named).toList());
        }
      }
    }
    return granted;
  }

  private static List<String> texts(JsonNode texts) {
    List<String> read = new ArrayList<>();
    texts.forEach(text -> read.add(text.asText()));
    return read;
  }
}
