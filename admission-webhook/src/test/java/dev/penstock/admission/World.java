package dev.penstock.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.ApiKind;
import dev.penstock.ingress.source.ApiObject;
import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.ConfigMapNames;
import dev.penstock.ingress.source.ConfigMapObject;
import dev.penstock.ingress.source.IngressClassObject;
import dev.penstock.ingress.source.IngressObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.ServiceObject;
import dev.penstock.ingress.translate.ClassSelection;
import dev.penstock.model.Json;
import dev.penstock.model.JsonFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** The objects of a cluster, read from JSON as the controller reads them. */
final class World {
  static final String CLASS = "penstock";

  static final ClassSelection CLASSES =
      new ClassSelection.Controller(CLASS, "penstock.dev/ingress-controller", false, false);

  static final AdmissionSettings SETTINGS =
      new AdmissionSettings(
          new ConfigMapNames(
              Optional.of(new ObjectKey("penstock", "penstock")),
              Optional.empty(),
              Optional.empty()),
          CLASSES,
          Set.of(),
          true);

  /** Of a review that counts as small. */
  static final int SMALL_BYTES_MAX = 1 << 16;

  static Admission admission() {
    return admission(() -> 0);
  }

  static Admission admission(LongSupplier nanos) {
    return new Admission(SETTINGS, SMALL_BYTES_MAX, nanos);
  }

  /** Bytes that are reachable, or nearly so. */
  static long usedHeap() {
    System.gc();
    Runtime heap = Runtime.getRuntime();
    return heap.totalMemory() - heap.freeMemory();
  }

  static Answer answer(Admission admission, byte[] review) {
    return admission.answer(review, review.length);
  }

  private final Map<ObjectKey, IngressObject> ingresses = new HashMap<>();
  private final Map<String, IngressClassObject> classes = new HashMap<>();
  private final Map<ObjectKey, ServiceObject> services = new HashMap<>();
  private final Map<ObjectKey, ConfigMapObject> configMaps = new HashMap<>();

  /**
   * @param json an array of objects, each with its kind
   */
  static ClusterView of(String json) {
    World world = new World();
    try {
      for (Json item : ((Json.Array) Json.parse(json)).items()) world.add((Json.Struct) item);
    } catch (JsonFault fault) {
      throw new IllegalArgumentException(fault);
    }
    return new ClusterView(
        world.ingresses,
        world.classes,
        world.services,
        Map.of(),
        Map.of(),
        world.configMaps,
        Set.of(),
        Map.of());
  }

  private void add(Json.Struct object) {
    String kind = text(object, "kind");
    switch (kind) {
      case "Ingress" -> put(ApiKind.INGRESS, object, ingresses);
      case "Service" -> put(ApiKind.SERVICE, object, services);
      case "ConfigMap" -> put(ApiKind.CONFIG_MAP, object, configMaps);
      case "IngressClass" -> {
        Map<ObjectKey, IngressClassObject> read = new HashMap<>();
        put(ApiKind.INGRESS_CLASS, object, read);
        read.values().forEach(one -> classes.put(one.name(), one));
      }
      default -> throw new IllegalArgumentException(kind);
    }
  }

  private static <T> void put(ApiKind<T> kind, Json.Struct json, Map<ObjectKey, T> into) {
    try {
      ApiObject<T> object = kind.object(bytes(json.toText()));
      assertThat(object.diagnostics()).isEmpty();
      T value = object.value();
      if (value != null) into.put(object.key(), value);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** A whole review of what the API server asks about a change. */
  static byte[] review(String uid, Json.Struct request) {
    Json.Struct object =
        Stream.of("object", "oldObject")
            .map(name -> request.members().get(name))
            .filter(Json.Struct.class::isInstance)
            .map(Json.Struct.class::cast)
            .findFirst()
            .orElseThrow();
    String apiVersion = text(object, "apiVersion");
    int slash = apiVersion.indexOf('/');
    Json.Struct whole =
        Json.Struct.EMPTY
            .with("uid", uid)
            .with(
                "kind",
                Json.Struct.EMPTY
                    .with("group", slash < 0 ? "" : apiVersion.substring(0, slash))
                    .with("version", apiVersion.substring(slash + 1))
                    .with("kind", text(object, "kind")))
            .with("userInfo", Json.Struct.EMPTY.with("username", "kubernetes-admin"))
            .with("dryRun", false);
    for (Map.Entry<String, Json> field : request.members().entrySet()) {
      whole = whole.with(field.getKey(), field.getValue());
    }
    Json.Struct review =
        Json.Struct.EMPTY
            .with("kind", "AdmissionReview")
            .with("apiVersion", "admission.k8s.io/v1")
            .with("request", whole);
    return bytes(review.toText());
  }

  static String text(Json.Struct object, String field) {
    return object.members().get(field) instanceof Json.Text(String value) ? value : "";
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
