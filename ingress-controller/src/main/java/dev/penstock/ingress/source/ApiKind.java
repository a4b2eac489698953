package dev.penstock.ingress.source;

import dev.penstock.ingress.source.Fields.Faults;
import dev.penstock.ingress.source.Node.Mapping;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Diagnostic.Reason;
import dev.penstock.model.Source;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A kind of the Kubernetes API that is read: where the API server has it, and how its JSON becomes
 * the same trimmed record that a manifest's YAML becomes.
 */
public final class ApiKind<T> {
  /** Fields to record; the record's own faults go to the fields. */
  private interface Shape<T> {
    T read(Fields root, ObjectKey key);
  }

  /** What is kept of an object that cannot be read as a whole. */
  private interface Rest<T> {
    Optional<T> of(Mapping object, Source source);
  }

  /** What has to be kept of an object for which there is no room. */
  private interface Remains<T> {
    Optional<T> of(T object);
  }

  private static final String NO_ROOM =
      "is not served: the objects of all namespaces take too much memory, and its namespace more"
          + " than its share, so that its newest Ingresses have no room; remove objects there, or"
          + " give the gateway more memory";

  public static final ApiKind<IngressObject> INGRESS =
      new ApiKind<>(
          "Ingress",
          "/apis/networking.k8s.io/v1",
          "ingresses",
          (root, key) -> IngressShape.ingress(root, key, Metadata.annotations(root)),
          BrokenIngress::protecting,
          ingress -> BrokenIngress.closing(ingress, "no room").map(IngressObject::hostsOnly));

  /** Of an Ingress, only what tells its class: the rest is not even read. */
  public static final ApiKind<IngressObject> INGRESS_HEAD =
      new ApiKind<>(
          "Ingress",
          "/apis/networking.k8s.io/v1",
          "ingresses",
          (root, key) -> IngressShape.head(root, key, Metadata.annotations(root)));

  public static final ApiKind<IngressClassObject> INGRESS_CLASS =
      new ApiKind<>(
          "IngressClass",
          "/apis/networking.k8s.io/v1",
          "ingressclasses",
          (root, key) -> IngressShape.ingressClass(root, key, Metadata.annotations(root)));

  public static final ApiKind<ServiceObject> SERVICE =
      new ApiKind<>(
          "Service",
          "/api/v1",
          "services",
          (root, key) -> ServiceShape.service(root, key, Metadata.annotations(root).values()),
          ServiceShape::broken,
          ServiceShape::addressesOnly);

  public static final ApiKind<EndpointSliceObject> ENDPOINT_SLICE =
      new ApiKind<>(
          "EndpointSlice", "/apis/discovery.k8s.io/v1", "endpointslices", ServiceShape::slice);

  public static final ApiKind<SecretObject> SECRET =
      new ApiKind<>(
          "Secret",
          "/api/v1",
          "secrets",
          (root, key) -> new SecretShape("", Companions.NONE).secret(root, key));

  public static final ApiKind<ConfigMapObject> CONFIG_MAP =
      new ApiKind<>("ConfigMap", "/api/v1", "configmaps", ConfigMapObject::of);

  /** Only which there are. */
  public static final ApiKind<ObjectKey> NAMESPACE =
      new ApiKind<>("Namespace", "/api/v1", "namespaces", (root, key) -> key);

  /** Of an Ingress, only what its status says of its addresses. */
  public static final ApiKind<List<PublishedAddress>> INGRESS_STATUS =
      new ApiKind<>(
          "Ingress",
          "/apis/networking.k8s.io/v1",
          "ingresses",
          (root, key) -> StatusShape.ofIngress(root));

  /** Of a Service, only where it can be reached from outside. */
  public static final ApiKind<List<PublishedAddress>> SERVICE_ADDRESSES =
      new ApiKind<>("Service", "/api/v1", "services", (root, key) -> StatusShape.ofService(root));

  public static final ApiKind<PodObject> POD =
      new ApiKind<>("Pod", "/api/v1", "pods", (root, key) -> StatusShape.pod(root));

  public static final ApiKind<NodeAddresses> NODE =
      new ApiKind<>("Node", "/api/v1", "nodes", (root, key) -> StatusShape.node(root));

  public static final ApiKind<LeaseObject> LEASE =
      new ApiKind<>(
          "Lease",
          "/apis/coordination.k8s.io/v1",
          "leases",
          (root, key) -> StatusShape.lease(root));

  /** Only written, never read. */
  public static final ApiKind<ObjectKey> EVENT =
      new ApiKind<>("Event", "/apis/events.k8s.io/v1", "events", (root, key) -> key);

  private static final Set<String> CLUSTER_SCOPED = Set.of("IngressClass", "Namespace", "Node");

  private final String name;
  private final String group;
  private final String plural;
  private final Shape<T> shape;
  private final Rest<T> rest;
  private final Remains<T> remains;

  private ApiKind(String name, String group, String plural, Shape<T> shape) {
    this(
        name,
        group,
        plural,
        shape,
        (object, source) -> Optional.empty(),
        object -> Optional.empty());
  }

  private ApiKind(
      String name, String group, String plural, Shape<T> shape, Rest<T> rest, Remains<T> remains) {
    this.name = name;
    this.group = group;
    this.plural = plural;
    this.shape = shape;
    this.rest = rest;
    this.remains = remains;
  }

  /** Such as {@code Ingress}. */
  public String name() {
    return name;
  }

  /** Such as {@code ingresses}. */
  public String plural() {
    return plural;
  }

  /** Such as {@code networking.k8s.io/v1}. */
  public String version() {
    return group.replaceFirst("^/apis?/", "");
  }

  /** Where the API server lists all of them, or those of one namespace (when it is not empty). */
  public String path(String namespace) {
    return namespace.isEmpty()
        ? group + "/" + plural
        : group + "/namespaces/" + namespace + "/" + plural;
  }

  /**
   * Reads the answer to a list.
   *
   * @param length how many bytes of {@code json} are it
   * @param isCut whether the last object in it is not whole
   * @throws IOException when it is no whole list; the message is one line and quotes no value
   */
  public ApiPage<T> page(byte[] json, int length, boolean isCut) throws IOException {
    return ApiJson.page(this, json, length, isCut);
  }

  /**
   * Reads one line of a watch.
   *
   * @param isCut whether the object in it is not whole
   * @throws IOException when it is no whole event; the message is one line and quotes no value
   */
  public ApiEvent<T> event(byte[] line, boolean isCut) throws IOException {
    return ApiJson.event(this, line, isCut);
  }

  /**
   * Reads one object.
   *
   * @throws IOException when it is no whole object; the message is one line and quotes no value
   */
  public ApiObject<T> object(byte[] json) throws IOException {
    return object(json, 0, json.length);
  }

  /** The same of a part of the bytes. */
  public ApiObject<T> object(byte[] json, int from, int length) throws IOException {
    return ApiJson.object(this, json, from, length);
  }

  /** Whether only a part is read. */
  boolean isHead() {
    return this == INGRESS_HEAD;
  }

  /**
   * Less of an object, for which there is no room: what closes the hosts of an Ingress that limits
   * who may ask, then its name, then (null) nothing. Of a Service the cluster IPs stay: they are
   * denied as endpoints.
   */
  public @Nullable ApiObject<T> less(ApiObject<T> object) {
    T value = object.value();
    if (object.isLeftOut()) {
      return value == null ? null : object.leftOut(null, object.diagnostics());
    }
    List<Diagnostic> why =
        value instanceof IngressObject ingress
            ? List.of(Diagnostic.error(ingress.source(), "", NO_ROOM).because(Reason.NO_ROOM))
            : List.of();
    return object.leftOut(value == null ? null : remains.of(value).orElse(null), why);
  }

  ApiObject<T> read(Mapping object, boolean isCut) {
    Faults faults = new Faults(name.equals("Secret"));
    Fields unnamed = Fields.of(faults, Source.of(name, "", ""), object).child("metadata");
    Source source = Source.of(name, unnamed.text("namespace"), unnamed.text("name"));
    Fields root = Fields.of(faults, source, object);
    Fields metadata = root.child("metadata");
    boolean isClusterScoped = CLUSTER_SCOPED.contains(name);
    ObjectKey key = Metadata.key(root, isClusterScoped);
    if (object.bytes() > ManifestReader.OBJECT_BYTES_MAX) {
      faults.add(
          source,
          "",
          "the object holds more than "
              + ManifestReader.OBJECT_BYTES_MAX
              + " bytes, more than is read of one");
    }
    if (isCut) faults.add(source, "", "the object is too large as JSON to be read as a whole");
    T value = value(root, key, faults);
    return ApiObject.of(
        key,
        metadata.text("resourceVersion"),
        metadata.text("uid"),
        created(metadata.text("creationTimestamp")),
        faults.isEmpty() ? value : rest.of(object, source).orElse(null),
        faults.diagnostics());
  }

  private static Instant created(String time) {
    try {
      return Instant.parse(time);
    } catch (DateTimeParseException none) {
      return Instant.EPOCH;
    }
  }

  /** A defect of ours, met by one object, must not take the others down with it. */
  private @Nullable T value(Fields root, ObjectKey key, Faults faults) {
    try {
      return shape.read(root, key);
    } catch (RuntimeException defect) {
      String what = defect.getClass().getSimpleName(); // its message may hold a value
      faults.add(
          root.source(),
          "",
          "cannot be read, which is a defect of Penstock (" + what + "): please report it");
      return null;
    }
  }
}
