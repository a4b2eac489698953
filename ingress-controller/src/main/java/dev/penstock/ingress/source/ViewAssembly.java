package dev.penstock.ingress.source;

import dev.penstock.ingress.text.Suggestion;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Source;
import dev.penstock.model.Translation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The objects of all files to one view. Of two objects with the same kind, namespace and name the
 * one in the first file by name is taken (in one file: the first), so that the answer does not
 * depend on the order of reading.
 */
final class ViewAssembly {
  private final Map<ObjectKey, IngressObject> ingresses = new HashMap<>();
  private final Map<String, IngressClassObject> classes = new HashMap<>();
  private final Map<ObjectKey, ServiceObject> services = new HashMap<>();
  private final Map<ObjectKey, EndpointSliceObject> slices = new HashMap<>();
  private final Map<ObjectKey, SecretObject> secrets = new HashMap<>();
  private final List<Diagnostic> diagnostics = new ArrayList<>();

  private final SortedMap<String, Integer> notRead = new TreeMap<>();

  private ViewAssembly() {}

  /** By file name. */
  static Translation<ClusterView> assemble(Map<String, FileObjects> files) {
    ViewAssembly assembly = new ViewAssembly();
    SortedMap<String, FileObjects> sorted = new TreeMap<>(files);
    sorted.values().forEach(assembly::add);
    assembly.sayWhatIsNotRead();
    return new Translation<>(
        new ClusterView(
            assembly.ingresses,
            assembly.classes,
            assembly.services,
            assembly.slices,
            assembly.secrets),
        assembly.diagnostics);
  }

  private void add(FileObjects objects) {
    diagnostics.addAll(objects.diagnostics());
    objects.notRead().forEach((kind, count) -> notRead.merge(kind, count, Integer::sum));
    objects.ingresses().forEach(this::putIngress);
    objects.classes().forEach(o -> put(classes, o.name(), o, o.source()));
    objects.services().forEach(o -> put(services, o.key(), o, o.source()));
    objects.slices().forEach(o -> put(slices, o.key(), o, o.source()));
    objects.secrets().forEach(o -> put(secrets, o.key(), o, o.source()));
  }

  /** Once for all: a directory made by other tools is full of them, and nothing is wrong. */
  private void sayWhatIsNotRead() {
    if (notRead.isEmpty()) return;
    int count = notRead.values().stream().mapToInt(Integer::intValue).sum();
    diagnostics.add(
        Diagnostic.info(
            Source.ofFile("", 0, 0),
            "",
            count
                + (count == 1
                    ? " object of a kind that Penstock does not read is passed over: "
                    : " objects of kinds that Penstock does not read are passed over: ")
                + Suggestion.list(notRead.keySet())));
  }

  /** One that protects closes what it names, though another of its name is taken. */
  private void putIngress(IngressObject ingress) {
    IngressObject first = ingresses.get(ingress.key());
    Optional<IngressObject> closing =
        first == null
            ? Optional.empty()
            : BrokenIngress.closing(ingress, "another object of its name is taken");
    if (first == null || closing.isEmpty()) {
      put(ingresses, ingress.key(), ingress, ingress.source());
      return;
    }
    IngressObject apart = closing.get().namedByPlace();
    ingresses.put(apart.key(), apart);
    diagnostics.add(
        Diagnostic.error(
            ingress.source(),
            "metadata.name",
            "the same object stands at "
                + first.source().place()
                + ": that one is taken; this one limits who may ask, so that what can be read of"
                + " it answers 503; remove one of them"));
  }

  private <K, V> void put(Map<K, V> objects, K key, V object, Source source) {
    V first = objects.putIfAbsent(key, object);
    if (first == null) return;
    diagnostics.add(
        Diagnostic.error(
            source,
            "metadata.name",
            "the same object stands at "
                + place(first)
                + ": that one is taken, this one is set aside; remove one of them"));
  }

  private static String place(Object object) {
    return switch (object) {
      case IngressObject ingress -> ingress.source().place();
      case IngressClassObject ingressClass -> ingressClass.source().place();
      case ServiceObject service -> service.source().place();
      case EndpointSliceObject slice -> slice.source().place();
      case SecretObject secret -> secret.source().place();
      default -> throw new IllegalStateException("no object: " + object.getClass());
    };
  }
}
