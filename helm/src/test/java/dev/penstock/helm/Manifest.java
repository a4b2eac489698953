package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The objects of a manifest, in its order.
 *
 * @param component whose objects of a kind are meant: {@code controller} or {@code webhook}
 */
record Manifest(List<JsonNode> all, String component) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * @throws RuntimeException when it is no YAML, or has a key twice
   */
  static Manifest of(String manifest) {
    Iterable<Object> documents =
        new Load(LoadSettings.builder().build()).loadAllFromString(manifest);
    return new Manifest(
        StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(documents.iterator(), Spliterator.ORDERED),
                false)
            .<JsonNode>map(JSON::valueToTree)
            .filter(JsonNode::isObject)
            .toList(),
        "controller");
  }

  /** Of these objects those of the webhook. */
  Manifest webhook() {
    return new Manifest(all.stream().filter(Manifest::isOfWebhook).toList(), "webhook");
  }

  private static boolean isOfWebhook(JsonNode object) {
    return object
        .at("/metadata/labels")
        .path("app.kubernetes.io/component")
        .asText()
        .equals("webhook");
  }

  private Stream<JsonNode> ofComponent() {
    boolean isWebhook = component.equals("webhook");
    return all.stream().filter(object -> isOfWebhook(object) == isWebhook);
  }

  /** {@code Kind/name}, with the namespace where it is not {@code penstock}. */
  List<String> names() {
    return all.stream()
        .map(object -> object.path("kind").asText() + "/" + object.at("/metadata/name").asText())
        .toList();
  }

  List<JsonNode> of(Kind kind) {
    return ofComponent()
        .filter(object -> object.path("kind").asText().equals(kind.name()))
        .toList();
  }

  JsonNode one(Kind kind) {
    assertThat(of(kind)).as(kind.name()).hasSize(1);
    return of(kind).getFirst();
  }

  JsonNode one(Kind kind, String name) {
    return of(kind).stream()
        .filter(object -> object.at("/metadata/name").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + "/" + name + " in " + names()));
  }

  /** The first container of the Deployment or DaemonSet. */
  JsonNode container() {
    return pod().at("/containers/0");
  }

  /** The pods' {@code spec}. */
  JsonNode pod() {
    return ofComponent()
        .map(object -> object.at("/spec/template/spec"))
        .filter(JsonNode::isObject)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no pods in " + names()));
  }

  List<String> args() {
    return texts(container().path("args"));
  }

  static List<String> texts(JsonNode array) {
    return texts(array, JsonNode::asText);
  }

  static List<String> texts(JsonNode array, Function<JsonNode, String> text) {
    return StreamSupport.stream(array.spliterator(), false).map(text).toList();
  }
}
