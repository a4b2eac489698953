package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What holds for every object, whatever the values: those of {@code values/} are one's of all
 * kinds.
 */
class MatrixTest {
  private static final Map<Path, Manifest> RENDERED = new TreeMap<>();

  /** Of these, pods are given what Pod Security {@code restricted} forbids: the node's ports. */
  private static final List<String> OF_THE_NODE =
      List.of("daemonset-hostport", "daemonset-hostnetwork", "deployment-hostport", "nginx-nodes");

  static Stream<Path> values() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/values"))) {
      return files.sorted().toList().stream();
    }
  }

  /** What holds for pods holds for those of the gateway and those of the webhook. */
  static Stream<Arguments> parts() throws IOException {
    return values()
        .flatMap(file ->
            Stream.of(rendered(file), rendered(file).webhook())
                .filter(part -> !part.all().isEmpty())
                .map(part -> Arguments.of(file.getFileName() + " " + part.component(), part)));
  }

  private static Manifest rendered(Path values) {
    return RENDERED.computeIfAbsent(values, file -> Chart.render(Chart.read(file)));
  }

  @ParameterizedTest
  @MethodSource("values")
  void everyFieldIsKnownToTheApi(Path values) {
    assertThat(rendered(values).all())
        .allSatisfy(object -> assertThat(Kind.fault(object)).isNull());
  }

  @ParameterizedTest
  @MethodSource("values")
  void noObjectIsThereTwiceAndNoneIsAHook(Path values) {
    assertThat(
            rendered(values).all().stream()
                .map(object -> object.path("kind") + " " + key(object.path("metadata"))))
        .doesNotHaveDuplicates();
    assertThat(rendered(values).all())
        .noneMatch(object -> object.at("/metadata/annotations").has("helm.sh/hook"));
  }

  private static String key(JsonNode metadata) {
    return metadata.path("namespace").asText() + "/" + metadata.path("name").asText();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("parts")
  void whatSelectsPodsSelectsThose(String of, Manifest part) {
    JsonNode labels =
        Stream.of(Kind.Deployment, Kind.DaemonSet)
            .flatMap(kind -> part.of(kind).stream())
            .map(object -> object.at("/spec/template/metadata/labels"))
            .filter(JsonNode::isObject)
            .findFirst()
            .orElseThrow();
    List<JsonNode> selectors =
        Stream.of("/spec/selector/matchLabels", "/spec/podSelector/matchLabels")
            .flatMap(path ->
                Stream.of(
                        Kind.Deployment,
                        Kind.DaemonSet,
                        Kind.PodDisruptionBudget,
                        Kind.NetworkPolicy,
                        Kind.PodMonitor)
                    .flatMap(kind -> part.of(kind).stream())
                    .map(object -> object.at(path)))
            .filter(JsonNode::isObject)
            .toList();

    assertThat(selectors).isNotEmpty();
    assertThat(
            Stream.concat(
                selectors.stream(),
                part.of(Kind.Service).stream().map(service -> service.at("/spec/selector"))))
        .allSatisfy(selector ->
            assertThat(selector.properties())
                .isNotEmpty()
                .allSatisfy(
                    label -> assertThat(labels.path(label.getKey())).isEqualTo(label.getValue())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("parts")
  void portsHaveNamesThatServicesUse(String of, Manifest part) {
    List<String> ports =
        Manifest.texts(part.container().path("ports"), port -> port.path("name").asText());

    assertThat(ports).allMatch(name -> name.matches("[a-z0-9-]{1,15}")).doesNotHaveDuplicates();
    assertThat(part.of(Kind.Service))
        .allSatisfy(service ->
            assertThat(service.at("/spec/ports"))
                .isNotEmpty()
                .allSatisfy(port -> assertThat(port.path("targetPort").asText()).isIn(ports)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("parts")
  void thePodsAreRestricted(String of, Manifest part) {
    JsonNode pod = part.pod();

    assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
    assertThat(pod.at("/securityContext/runAsUser").asLong()).isPositive();
    assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
    assertThat(Stream.of(pod.path("containers"), pod.path("initContainers")))
        .allSatisfy(containers ->
            assertThat(containers)
                .allSatisfy(container -> {
                  JsonNode security = container.path("securityContext");
                  assertThat(security.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
                  assertThat(security.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
                  assertThat(security.at("/capabilities").has("add")).isFalse();
                }));
    if (OF_THE_NODE.stream().noneMatch(file -> of.equals(file + ".yaml controller"))) {
      assertThat(pod.path("hostNetwork").asBoolean()).isFalse();
      assertThat(pod.at("/containers/0/ports")).noneMatch(port -> port.has("hostPort"));
    }
    assertThat(pod.path("volumes"))
        .allSatisfy(volume -> assertThat(volume.has("emptyDir") || volume.has("secret")).isTrue());
    assertThat(pod.at("/containers/0/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
  }

  /** The API refuses a longer one. */
  @ParameterizedTest
  @MethodSource("values")
  void noServiceHasANameOfMoreThan63Characters(Path values) {
    assertThat(rendered(values).all())
        .filteredOn(object -> object.path("kind").asText().equals("Service"))
        .allSatisfy(
            service -> assertThat(service.at("/metadata/name").asText()).hasSizeLessThan(64));
  }
}
