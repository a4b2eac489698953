package dev.penstock.ingress.source;

import dev.penstock.ingress.annotation.AnnotationReader;
import dev.penstock.ingress.annotation.AnnotationTable;
import dev.penstock.ingress.annotation.WrittenAnnotations;
import dev.penstock.ingress.source.Fields.Faults;
import dev.penstock.ingress.source.Node.Mapping;
import dev.penstock.ingress.source.Node.Sequence;
import dev.penstock.model.Source;
import dev.penstock.model.text.Quote;
import dev.penstock.model.text.Suggestion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fields that the Kubernetes API (1.34) gives the kinds that are read, and what is said of any
 * other: the API server would drop it silently or refuse it, and what it was to say is lost. Fields
 * that the gateway does not use are known all the same.
 */
final class KnownFields {
  private static final String ANNOTATIONS = "annotations";

  /** Of an Ingress; in {@code metadata} they are out of place. */
  private static final Set<String> MEANT_FOR_SPEC = Set.of("spec", "rules");

  /**
   * What a mapping, or each mapping of a list, may hold.
   *
   * @param fields null = anything
   */
  private record Shape(@org.jspecify.annotations.Nullable Map<String, Shape> fields) {
    static final Shape ANY = new Shape(null);

    /** With these fields of any content. */
    static Shape of(String... names) {
      Map<String, Shape> fields = new HashMap<>();
      for (String name : names) fields.put(name, ANY);
      return new Shape(fields);
    }

    /** With one more. */
    Shape with(String name, Shape shape) {
      Map<String, Shape> more = new HashMap<>(fields == null ? Map.of() : fields);
      more.put(name, shape);
      return new Shape(more);
    }
  }

  private static final Shape METADATA =
      Shape.of(
          "name",
          "generateName",
          "namespace",
          "selfLink",
          "uid",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "labels",
          ANNOTATIONS,
          "ownerReferences",
          "finalizers",
          "managedFields");

  private static final Shape OBJECT =
      Shape.of("apiVersion", "kind", "status").with("metadata", METADATA);

  private static final Shape BACKEND =
      Shape.of()
          .with("resource", Shape.of("apiGroup", "kind", "name"))
          .with("service", Shape.of("name").with("port", Shape.of("name", "number")))
          // Of an API version before v1, and an error of its own.
          .with("serviceName", Shape.ANY)
          .with("servicePort", Shape.ANY);

  private static final Shape INGRESS =
      Shape.of("ingressClassName")
          .with("defaultBackend", BACKEND)
          .with("tls", Shape.of("hosts", "secretName"))
          .with(
              "rules",
              Shape.of("host")
                  .with(
                      "http",
                      Shape.of()
                          .with("paths", Shape.of("path", "pathType").with("backend", BACKEND))));

  private static final Shape INGRESS_CLASS =
      Shape.of("controller")
          .with("parameters", Shape.of("apiGroup", "kind", "name", "namespace", "scope"));

  private static final Shape SERVICE =
      Shape.of(
              "selector",
              "clusterIP",
              "clusterIPs",
              "type",
              "externalIPs",
              "sessionAffinity",
              "sessionAffinityConfig",
              "loadBalancerIP",
              "loadBalancerSourceRanges",
              "loadBalancerClass",
              "allocateLoadBalancerNodePorts",
              "externalName",
              "externalTrafficPolicy",
              "internalTrafficPolicy",
              "trafficDistribution",
              "healthCheckNodePort",
              "publishNotReadyAddresses",
              "ipFamilies",
              "ipFamilyPolicy")
          .with(
              "ports",
              Shape.of("name", "protocol", "appProtocol", "port", "targetPort", "nodePort"));

  private static final Shape ENDPOINT =
      Shape.of(
              "addresses",
              "hostname",
              "targetRef",
              "deprecatedTopology",
              "nodeName",
              "zone",
              "hints")
          .with("conditions", Shape.of("ready", "serving", "terminating"));

  private static final Map<String, Shape> KINDS =
      Map.of(
          "Ingress", OBJECT.with("spec", INGRESS),
          "IngressClass", OBJECT.with("spec", INGRESS_CLASS),
          "Service", OBJECT.with("spec", SERVICE),
          "EndpointSlice",
              OBJECT
                  .with("addressType", Shape.ANY)
                  .with("endpoints", ENDPOINT)
                  .with("ports", Shape.of("name", "protocol", "port", "appProtocol")),
          "ConfigMap",
              OBJECT
                  .with("immutable", Shape.ANY)
                  .with("data", Shape.ANY)
                  .with("binaryData", Shape.ANY),
          "Secret",
              OBJECT
                  .with("immutable", Shape.ANY)
                  .with("type", Shape.ANY)
                  .with("data", Shape.ANY)
                  .with("stringData", Shape.ANY));

  private final Source source;
  private final Faults faults;
  private boolean mayBeMore;
  private boolean isIngress;

  private KnownFields(Source source, Faults faults) {
    this.source = source;
    this.faults = faults;
  }

  /**
   * Warns of every field that is unknown. On an Ingress, annotations under another name are a
   * fault: they may hold its protection.
   *
   * @param kind one that is read
   * @return whether an Ingress may have said more than what can be read of it
   */
  static boolean check(Mapping object, String kind, Source source, Faults faults) {
    KnownFields check = new KnownFields(source, faults);
    check.isIngress = kind.equals("Ingress");
    check.look(object, KINDS.getOrDefault(kind, Shape.ANY), "");
    if (check.isIngress) check.labels(object);
    return check.isIngress && check.mayBeMore;
  }

  /** Whether annotations of ours stand where no annotation is looked for. */
  static boolean hidesAnnotations(Mapping object) {
    KnownFields check = new KnownFields(Source.of("Ingress", "", ""), new Faults(true));
    check.isIngress = true;
    check.look(object, KINDS.getOrDefault("Ingress", Shape.ANY), "");
    check.labels(object);
    return !check.faults.isEmpty();
  }

  /** Whether anything in it, however deep, may be meant as annotations. */
  static boolean mentionsAnnotations(Node node) {
    return switch (node) {
      case Mapping mapping ->
          mapping.entries().entrySet().stream()
              .anyMatch(e -> isLikeAnnotations(e.getKey()) || mentionsAnnotations(e.getValue()));
      case Sequence sequence ->
          sequence.items().stream().anyMatch(KnownFields::mentionsAnnotations);
      case Node.Scalar ignored -> false;
    };
  }

  private static boolean isLikeAnnotations(String key) {
    return key.startsWith(AnnotationTable.PREFIX)
        || Suggestion.nearest(key, List.of(ANNOTATIONS)).equals(ANNOTATIONS);
  }

  private void look(Node node, Shape shape, String path) {
    if (shape.fields == null) return;
    switch (node) {
      case Mapping mapping ->
          mapping
              .entries()
              .forEach((name, value) -> {
                Shape known = shape.fields.get(name);
                String at = path.isEmpty() ? name : path + "." + name;
                if (known == null) unknown(mapping, name, value, shape.fields, at);
                else look(value, known, at);
              });
      case Sequence sequence -> {
        for (int i = 0; i < sequence.items().size(); i++) {
          look(sequence.items().get(i), shape, path + "[" + i + "]");
        }
      }
      case Node.Scalar ignored -> {} // of the wrong type, which is said elsewhere
    }
  }

  private void unknown(
      Mapping parent, String name, Node value, Map<String, Shape> known, String path) {
    mayBeMore |=
        !path.startsWith("metadata.") || !Suggestion.nearest(name, MEANT_FOR_SPEC).isEmpty();
    Node key = parent.keys().getOrDefault(name, value);
    Source place = source.at(key.line(), key.column());
    boolean isAnnotations = Suggestion.nearest(name, List.of(ANNOTATIONS)).equals(ANNOTATIONS);
    if (isIngress && isAnnotations && holdsOurs(value)) {
      faults.add(
          place,
          Quote.plain(path),
          "is no field of the Kubernetes API, so that the annotations in it, which may protect this"
              + " Ingress, are not in force: write metadata.annotations");
    } else if (isIngress && isProtection(name, value)) {
      misplaced(place, path);
    } else {
      faults.warn(
          place,
          Quote.plain(path),
          "is no field of the Kubernetes API and has no effect"
              + Suggestion.near(name, known.keySet()));
    }
  }

  private void labels(Mapping object) {
    if (!(object.entries().get("metadata") instanceof Mapping metadata)) return;
    if (!(metadata.entries().get("labels") instanceof Mapping labels)) return;
    labels
        .entries()
        .forEach((name, value) -> {
          if (!isProtection(name, value)) return;
          Node key = labels.keys().getOrDefault(name, value);
          misplaced(source.at(key.line(), key.column()), "metadata.labels." + name);
        });
  }

  private void misplaced(Source place, String path) {
    faults.add(
        place,
        Quote.plain(path),
        "protects only as an annotation, and is not in force here: write it below"
            + " metadata.annotations");
  }

  private static boolean isProtection(String key, Node value) {
    String text = value instanceof Node.Scalar scalar ? scalar.text() : "(cannot be read)";
    Map<String, String> written = Map.of(key, text);
    return !AnnotationReader.protections(new WrittenAnnotations(written, Map.of())).isEmpty();
  }

  private static boolean holdsOurs(Node value) {
    return value instanceof Mapping mapping
        && mapping.entries().keySet().stream().anyMatch(k -> k.startsWith(AnnotationTable.PREFIX));
  }
}
