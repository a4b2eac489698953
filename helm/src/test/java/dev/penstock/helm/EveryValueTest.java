package dev.penstock.helm;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No key of {@code values.yaml} is forgotten by the templates. What may be any text, map or list is
 * marked, all of them at once, and each mark has to turn up; of the rest each is changed alone, and
 * something rendered has to change.
 */
class EveryValueTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<Value> LEAVES =
      Value.of(Chart.read(Chart.DIRECTORY.resolve("values.yaml"))).stream()
          .filter(value -> !value.isClosed())
          .toList();

  /** Values beside which a key acts: each does so beside one of these. */
  private static final List<String> CONTEXTS =
      List.of(
          """
          tcp: {"5432": "a/b:1"}
          udp: {"5353": "a/b:1"}
          controller:
            autoscaling: {enabled: true}
            hostPort: {enabled: true}
            networkPolicy: {enabled: true}
            service: {internal: {enabled: true}}
            metrics: {serviceMonitor: {enabled: true}, podMonitor: {enabled: true}, prometheusRule: {enabled: true}}
            admissionWebhooks: {certManager: {enabled: true}}
          """,
          "controller: {keda: {enabled: true, triggers: [{type: cpu}]}}",
          "{}",
          "controller: {containerPort: {http: 9080, https: 9443}, keda: {triggers: [{type: cpu}]}}",
          "controller: {scope: {enabled: true}}",
          "controller: {publishService: {enabled: false}}",
          "controller: {admissionWebhooks: {certificateSecret: given, caBundle: PEM}}");

  /** Not looked at here, and why. */
  private static final Map<String, String> EXCEPT =
      Map.ofEntries(
          Map.entry("enabled", "is read by Helm alone: SubchartTest"),
          Map.entry("test.urls", "is of the hook: HookTest"),
          Map.entry("controller.image.runAsNonRoot", "false is refused: RefusalsTest"),
          Map.entry("controller.image.allowPrivilegeEscalation", "true counts as unset"),
          Map.entry("controller.image.readOnlyRootFilesystem", "false counts as unset"),
          Map.entry("controller.admissionWebhooks.failurePolicy", "Fail counts as unset"),
          Map.entry("controller.metrics.port", "probes have it, too: RefusalsTest"),
          Map.entry(
              "controller.admissionWebhooks.certificateSecret", "needs caBundle: WebhookTest"));

  /** Of what is not free, or rules out others. */
  private static final Map<String, String> SAMPLES =
      Map.ofEntries(
          Map.entry("tcp", "{'6000': 'a/b:1'}"),
          Map.entry("udp", "{'6000': 'a/b:1'}"),
          Map.entry("extraObjects", "[{apiVersion: v1, kind: Namespace, metadata: {name: a}}]"),
          Map.entry("global.image.registry", "r.test"),
          Map.entry("controller.image.registry", "r.test"),
          Map.entry("controller.image.image", "gateway"),
          Map.entry("controller.image.repository", "r.test/gateway"),
          Map.entry("controller.image.digest", "'sha256:" + "0f".repeat(32) + "'"),
          Map.entry("controller.containerPort", "{http: 9081}"),
          Map.entry("controller.extraArgs", "{drain-timeout: 7s}"),
          Map.entry("controller.scope.namespace", "shop"),
          Map.entry("controller.scope.namespaceSelector", "team=web"),
          Map.entry("controller.publishService.pathOverride", "edge/lb"),
          Map.entry("controller.hostPort.ports", "{http: 8081}"),
          Map.entry("controller.hostname", "edge"),
          Map.entry("controller.service.externalTrafficPolicy", "Cluster"),
          Map.entry("controller.service.ports", "{http: 8081}"),
          Map.entry("controller.service.targetPorts", "{https: http}"),
          Map.entry("controller.service.nodePorts.tcp", "{'5432': 30432}"),
          Map.entry("controller.service.nodePorts.udp", "{'5353': 30353}"),
          Map.entry("controller.service.internal.nodePorts.tcp", "{'5432': 30432}"),
          Map.entry("controller.service.internal.nodePorts.udp", "{'5353': 30353}"),
          Map.entry("controller.service.internal.ports", "{http: 8081}"),
          Map.entry("controller.service.internal.targetPorts", "{https: http}"),
          Map.entry("controller.resources.requests", "{cpu: 7m}"),
          Map.entry("controller.resources.limits", "{cpu: 7}"),
          Map.entry("controller.minAvailable", "7"),
          Map.entry("controller.maxUnavailable", "7"),
          Map.entry("controller.admissionWebhooks.enabled", "false"),
          Map.entry("controller.admissionWebhooks.resources.requests", "{cpu: 7m}"),
          Map.entry("controller.admissionWebhooks.resources.limits", "{cpu: 7}"),
          Map.entry("controller.admissionWebhooks.caBundle", "another"),
          Map.entry("controller.admissionWebhooks.certManager.issuerRef", "{name: company}"));

  private static final Map<String, String> RENDERED = new HashMap<>();

  @Test
  void everyMarkTurnsUp() {
    ObjectNode marked = JSON.createObjectNode();
    LEAVES.stream().filter(EveryValueTest::isFree).forEach(leaf -> put(marked, leaf, marker(leaf)));
    String rendered = CONTEXTS.stream().map(context -> render(context, marked)).collect(joining());

    assertThat(LEAVES.stream().filter(EveryValueTest::isFree))
        .hasSizeGreaterThan(100)
        .allSatisfy(
            leaf -> assertThat(rendered).as(leaf.key()).containsPattern(mark(leaf) + "\\b"));
  }

  static Stream<Value> others() {
    return LEAVES.stream().filter(leaf -> !isFree(leaf) && !EXCEPT.containsKey(leaf.key()));
  }

  @ParameterizedTest
  @MethodSource("others")
  void everyOtherValueChangesSomething(Value leaf) {
    assertThat(changes(leaf))
        .as(leaf.key())
        .anyMatch(change -> CONTEXTS.stream().anyMatch(context -> acts(context, leaf, change)));
  }

  @Test
  void everyExceptionAndSampleIsOfAKeyThatIsThere() {
    assertThat(LEAVES.stream().map(Value::key))
        .containsAll(EXCEPT.keySet())
        .containsAll(SAMPLES.keySet());
  }

  private static boolean acts(String context, Value leaf, JsonNode change) {
    ObjectNode values = JSON.createObjectNode();
    put(values, leaf, change);
    try {
      return !render(context, values)
          .equals(RENDERED.computeIfAbsent(context, c -> render(c, JSON.createObjectNode())));
    } catch (IllegalStateException refused) {
      return false;
    }
  }

  /** Whether its type lets it be any text, map or list. */
  private static boolean isFree(Value leaf) {
    boolean isText = leaf.initial() instanceof String && !leaf.schema().containsKey("enum");
    return (isText || leaf.initial() instanceof Map || leaf.initial() instanceof List)
        && !EXCEPT.containsKey(leaf.key())
        && !SAMPLES.containsKey(leaf.key());
  }

  private static String mark(Value leaf) {
    return "mark" + LEAVES.indexOf(leaf);
  }

  private static JsonNode marker(Value leaf) {
    boolean isOfTexts =
        leaf.schema().get("items") instanceof Map<?, ?> items && "string".equals(items.get("type"));
    Object marker =
        switch (leaf.initial()) {
          case Map<?, ?> any -> Map.of(mark(leaf), mark(leaf));
          case List<?> any -> List.of(isOfTexts ? mark(leaf) : Map.of("name", mark(leaf)));
          case null, default -> mark(leaf);
        };
    return JSON.valueToTree(marker);
  }

  /** Other values than the default. */
  private static Stream<JsonNode> changes(Value leaf) {
    String sample = SAMPLES.get(leaf.key());
    if (sample != null) return Stream.of(JSON.valueToTree(Value.parse(sample)));
    JsonNodeFactory json = JsonNodeFactory.instance;
    return switch (leaf.initial()) {
      case Boolean isOn -> Stream.of(json.booleanNode(!isOn));
      case Integer number -> Stream.of(json.numberNode(number + 1));
      case null, default ->
          ((List<?>) Objects.requireNonNull(leaf.schema().get("enum")))
              .stream()
                  .filter(other -> !Objects.equals(other, leaf.initial()))
                  .map(JSON::valueToTree);
    };
  }

  private static void put(ObjectNode values, Value leaf, JsonNode value) {
    ObjectNode parent = values;
    for (String key : leaf.path().subList(0, leaf.path().size() - 1)) {
      parent = parent.withObjectProperty(key);
    }
    parent.set(leaf.path().getLast(), value);
  }

  private static String render(String context, ObjectNode values) {
    ObjectNode all = JSON.valueToTree(Value.parse(context));
    return Chart.text("penstock", merge(all, values).toString());
  }

  private static ObjectNode merge(ObjectNode into, ObjectNode values) {
    values
        .properties()
        .forEach(entry -> {
          if (into.get(entry.getKey()) instanceof ObjectNode inner
              && entry.getValue() instanceof ObjectNode more) merge(inner, more);
          else into.set(entry.getKey(), entry.getValue());
        });
    return into;
  }
}
