package dev.penstock.ingress.source;

import dev.penstock.ingress.annotation.WrittenAnnotations;
import dev.penstock.ingress.source.IngressObject.Backend;
import dev.penstock.ingress.source.IngressObject.Path;
import dev.penstock.ingress.source.IngressObject.Rule;
import dev.penstock.ingress.source.IngressObject.Tls;
import dev.penstock.model.text.Quote;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code networking.k8s.io/v1} Ingress and IngressClass, fields to records. */
final class IngressShape {
  /** Paths of one Ingress, as the security policy's default limits say. */
  static final int PATHS_MAX = 10_000;

  private static final String DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class";

  private IngressShape() {}

  static IngressObject ingress(Fields root, ObjectKey key, WrittenAnnotations annotations) {
    Fields spec = root.child("spec");
    List<Tls> tls = new ArrayList<>();
    for (Fields entry : spec.list("tls")) {
      tls.add(new Tls(entry.source(), entry.texts("hosts"), entry.text("secretName")));
    }
    List<Rule> rules = new ArrayList<>();
    int paths = 0;
    for (Fields rule : spec.list("rules")) {
      List<Path> rulePaths = List.copyOf(paths(rule.child("http"))); // one for all its hosts
      paths += rulePaths.size();
      for (String host : hosts(rule)) rules.add(new Rule(rule.source(), host, rulePaths));
    }
    if (paths > PATHS_MAX) {
      spec.fault(
          "rules",
          "holds " + paths + " paths, at most " + PATHS_MAX + " are allowed: split the Ingress");
    }
    return new IngressObject(
        root.source(),
        key,
        created(root.child("metadata")),
        annotations,
        spec.textOrNull("ingressClassName"),
        backend(spec, "defaultBackend"),
        tls,
        rules,
        "");
  }

  /** Without what it asks for. */
  static IngressObject head(Fields root, ObjectKey key, WrittenAnnotations annotations) {
    String className = root.child("spec").textOrNull("ingressClassName");
    return new IngressObject(
        root.source(), key, Instant.EPOCH, annotations, className, null, List.of(), List.of(), "");
  }

  static IngressClassObject ingressClass(
      Fields root, ObjectKey key, WrittenAnnotations annotations) {
    Fields spec = root.child("spec");
    boolean isDefault = "true".equals(annotations.values().get(DEFAULT_CLASS));
    return new IngressClassObject(
        root.source(),
        key.name(),
        spec.text("controller"),
        isDefault ? annotations.place(DEFAULT_CLASS, root.source()) : null,
        spec.has("parameters") ? spec.keySource("parameters") : null);
  }

  /** One; several are a fault, and each of them is closed. */
  private static List<@Nullable String> hosts(Fields rule) {
    String host = rule.textUnlessLost("host");
    List<@Nullable String> hosts = rule.textsOfList("host");
    if (hosts.isEmpty()) hosts.add(host);
    return hosts;
  }

  private static List<Path> paths(Fields http) {
    List<Path> paths = new ArrayList<>();
    for (Fields path : http.list("paths")) {
      paths.add(
          new Path(
              path.source(), path.text("path"), path.text("pathType"), backend(path, "backend")));
    }
    return paths;
  }

  private static @Nullable Backend backend(Fields parent, String name) {
    if (!parent.has(name)) return null;
    Fields backend = parent.child(name);
    if (backend.has("serviceName") || backend.has("servicePort")) {
      parent.fault(
          name,
          "serviceName and servicePort are of an API version before v1: write"
              + " service.name and service.port");
    }
    Fields service = backend.child("service");
    Fields port = service.child("port");
    Fields resource = backend.child("resource");
    return new Backend(
        backend.source(),
        service.text("name"),
        port.number("number"),
        port.text("name"),
        backend.has("resource") ? resource.text("kind") + "/" + resource.text("name") : "");
  }

  private static Instant created(Fields metadata) {
    String text = metadata.text("creationTimestamp");
    if (text.isEmpty()) return Instant.EPOCH;
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException notATime) {
      metadata.fault(
          "creationTimestamp",
          "must be a time such as 2026-01-31T12:00:00Z, was " + Quote.of(text));
      return Instant.EPOCH;
    }
  }
}
