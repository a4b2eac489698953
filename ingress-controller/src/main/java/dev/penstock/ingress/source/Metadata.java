package dev.penstock.ingress.source;

import dev.penstock.ingress.annotation.AnnotationTable;
import dev.penstock.ingress.annotation.WrittenAnnotations;
import dev.penstock.ingress.source.Node.Mapping;
import dev.penstock.model.Source;
import dev.penstock.model.text.Quote;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** {@code metadata} of an object of any kind. */
final class Metadata {
  private static final int NAME_CHARS_MAX = 253;
  private static final int NAMESPACE_CHARS_MAX = 63;
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  /** A copy of the whole object that kubectl keeps, and of use to nobody here. */
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  /** Of an annotation of ours; a longer one counts as one that cannot be read. */
  private static final int OWN_VALUE_CHARS_MAX = 16 * 1024;

  /** Of an annotation that is somebody else's, or nearly ours: the longest class name fits. */
  private static final int FOREIGN_VALUE_CHARS_MAX = 256;

  private static final String UNREADABLE = "(cannot be read)";

  private Metadata() {}

  static boolean isName(String text) {
    return text.length() <= NAME_CHARS_MAX && NAME.matcher(text).matches();
  }

  private static boolean isNamespace(String text) {
    return text.length() <= NAMESPACE_CHARS_MAX && !text.contains(".") && isName(text);
  }

  static ObjectKey key(Fields root, boolean clusterScoped) {
    Fields metadata = root.child("metadata");
    String name = metadata.text("name");
    if (name.isEmpty()) {
      metadata.fault("name", "is missing: every object needs one");
    } else if (!isName(name)) {
      metadata.fault(
          "name",
          Quote.of(name)
              + " is no name: at most 253 lower-case letters, digits, '-' and '.' (RFC 1123)");
    }
    if (clusterScoped) return new ObjectKey("", name);
    String namespace = metadata.text("namespace");
    if (!namespace.isEmpty() && !isNamespace(namespace)) {
      metadata.fault(
          "namespace",
          Quote.of(namespace)
              + " is no namespace: at most 63 lower-case letters, digits and '-' (RFC 1123)");
    }
    return new ObjectKey(namespace.isEmpty() ? "default" : namespace, name);
  }

  /** As {@link #key}; an object without a usable name is named by its place, like no other. */
  static ObjectKey keyOrPlace(Fields root) {
    ObjectKey key = key(root, false);
    String namespace = isNamespace(key.namespace()) ? key.namespace() : "default";
    boolean isGood = isName(key.name()) && isNamespace(key.namespace());
    return isGood ? key : new ObjectKey(namespace, root.source().place());
  }

  /**
   * White space at the end is YAML's block style. What a value may hold is the business of who
   * reads it: another tool's annotation of many lines is no fault, and one of ours with a line
   * break closes its routes.
   */
  static WrittenAnnotations annotations(Fields root) {
    Fields annotations = root.child("metadata").child("annotations");
    Map<String, String> values = new HashMap<>();
    Map<String, Source> places = new HashMap<>();
    boolean isFromApi = root.source().file().isEmpty();
    for (String key : annotations.names()) {
      if (key.equals(LAST_APPLIED)) continue;
      String value = annotations.lenientText(key).stripTrailing();
      values.put(key, isFromApi ? kept(key, value) : value);
      if (!isFromApi) places.put(key, annotations.keySource(key));
    }
    return new WrittenAnnotations(values, places);
  }

  /** Of objects of which there are many, by many people: no more than somebody reads. */
  private static String kept(String key, String value) {
    if (key.startsWith(AnnotationTable.PREFIX)) {
      return value.length() <= OWN_VALUE_CHARS_MAX ? value : UNREADABLE;
    }
    return value.substring(0, Math.min(value.length(), FOREIGN_VALUE_CHARS_MAX));
  }

  /**
   * The annotations of an object that cannot be read as a whole. One of ours whose value is no text
   * is there all the same, with a value that means nothing.
   */
  static WrittenAnnotations annotationsOfBroken(Fields root) {
    Fields annotations = root.child("metadata").child("annotations");
    WrittenAnnotations read = annotations(root);
    Map<String, String> values = new HashMap<>(read.values());
    for (String key : annotations.names()) {
      if (!annotations.isNoText(key)) continue;
      boolean isOurs =
          key.startsWith(AnnotationTable.PREFIX)
              || AnnotationTable.isNearPrefix(key)
              || !AnnotationTable.meant(key).isEmpty();
      if (isOurs) values.put(key, UNREADABLE);
      if (AnnotationTable.isPrefixAlone(key)) {
        annotations
            .namesBelow(key)
            .forEach(n -> values.put(AnnotationTable.PREFIX + n, UNREADABLE));
      }
    }
    return new WrittenAnnotations(values, read.places());
  }

  /** Whether annotations may have been written of which nothing can be known. */
  static boolean annotationsAreLost(Mapping object) {
    Node written = object.entries().get("metadata");
    if (written == null || Fields.isNull(written)) return KnownFields.mentionsAnnotations(object);
    if (!(written instanceof Mapping metadata)) return true;
    Node annotations = metadata.entries().get("annotations");
    boolean isAbsent = annotations == null || Fields.isNull(annotations);
    return !isAbsent && !(annotations instanceof Mapping);
  }
}
