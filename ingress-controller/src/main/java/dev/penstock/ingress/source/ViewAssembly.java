package dev.penstock.ingress.source;

import dev.penstock.model.Diagnostic;
import dev.penstock.model.FrozenMap;
import dev.penstock.model.Source;
import dev.penstock.model.Translation;
import dev.penstock.model.text.Suggestion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The objects of all files to one view. Of two objects with the same kind, namespace and name the
 * one in the first file by name is taken (in one file: the first), so that the answer does not
 * depend on the order of reading.
 *
 * <p>Costs a glance at each file, and work for the kinds of which one has changed. The map of any
 * other kind is the same instance as the last time, so that a translator sees at a glance what has
 * not changed. Not thread-safe.
 */
final class ViewAssembly {
  private final Ingresses ingresses = new Ingresses();
  private final Kind<String, IngressClassObject> classes =
      new Kind<>(FileObjects::classes, IngressClassObject::name, IngressClassObject::source);
  private final Kind<ObjectKey, ServiceObject> services =
      new Kind<>(FileObjects::services, ServiceObject::key, ServiceObject::source);
  private final Kind<ObjectKey, EndpointSliceObject> slices =
      new Kind<>(FileObjects::slices, EndpointSliceObject::key, EndpointSliceObject::source);
  private final Kind<ObjectKey, SecretObject> secrets =
      new Kind<>(FileObjects::secrets, SecretObject::key, SecretObject::source);
  private final Kind<ObjectKey, ConfigMapObject> configMaps =
      new Kind<>(FileObjects::configMaps, ConfigMapObject::key, ConfigMapObject::source);

  private List<FileObjects> last = List.of();

  /** Files that are not the same objects as the last time: as they were, and as they are. */
  private record Changed(List<FileObjects> before, List<FileObjects> now) {}

  /**
   * @param files sorted by file name; kept, and not to be changed any more
   */
  Translation<ClusterView> assemble(List<FileObjects> files) {
    Changed changed = changed(files);
    last = files;
    List<Diagnostic> diagnostics = new ArrayList<>();
    SortedMap<String, Integer> notRead = new TreeMap<>();
    for (FileObjects file : files) {
      diagnostics.addAll(file.diagnostics());
      file.notRead().forEach((kind, count) -> notRead.merge(kind, count, Integer::sum));
    }
    for (Kind<?, ?> kind : List.of(ingresses, classes, services, slices, secrets, configMaps)) {
      kind.read(files, changed);
      diagnostics.addAll(kind.diagnostics);
    }
    sayWhatIsNotRead(notRead, diagnostics);
    return new Translation<>(
        new ClusterView(
            ingresses.view,
            classes.view,
            services.view,
            slices.view,
            secrets.view,
            configMaps.view,
            Set.of(),
            Map.of()),
        diagnostics);
  }

  /** All between the first that differs and the last one. */
  @SuppressWarnings("ReferenceEquality") // what has not changed is the same object
  private Changed changed(List<FileObjects> files) {
    int shorter = Math.min(last.size(), files.size());
    int start = 0;
    while (start < shorter && last.get(start) == files.get(start)) start++;
    int end = 0;
    while (end < shorter - start
        && last.get(last.size() - 1 - end) == files.get(files.size() - 1 - end)) {
      end++;
    }
    return new Changed(
        last.subList(start, last.size() - end), files.subList(start, files.size() - end));
  }

  /** Once for all: a directory made by other tools is full of them, and nothing is wrong. */
  private static void sayWhatIsNotRead(
      SortedMap<String, Integer> notRead, List<Diagnostic> diagnostics) {
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

  /** The objects of one kind. */
  private static class Kind<K extends Comparable<? super K>, V> {
    private final Function<FileObjects, List<V>> ofFile;
    private final Function<V, K> key;
    private final Function<V, Source> source;
    Map<K, V> view = Map.of();
    final Map<K, V> objects = new HashMap<>();
    final List<Diagnostic> diagnostics = new ArrayList<>();

    Kind(Function<FileObjects, List<V>> ofFile, Function<V, K> key, Function<V, Source> source) {
      this.ofFile = ofFile;
      this.key = key;
      this.source = source;
    }

    void read(List<FileObjects> files, Changed changed) {
      if (SameObjects.in(all(changed.before), all(changed.now))) return;
      if (!replace(changed)) {
        objects.clear();
        diagnostics.clear();
        for (FileObjects file : files) ofFile.apply(file).forEach(this::put);
      }
      view = FrozenMap.copyOf(objects);
    }

    private List<V> all(List<FileObjects> files) {
      return files.stream().flatMap(file -> ofFile.apply(file).stream()).toList();
    }

    /** Whether that was enough: where names stand twice, it matters in which order they stand. */
    private boolean replace(Changed changed) {
      if (!diagnostics.isEmpty()) return false;
      for (FileObjects file : changed.before) {
        for (V object : ofFile.apply(file)) objects.remove(key.apply(object));
      }
      for (FileObjects file : changed.now) {
        for (V object : ofFile.apply(file)) {
          if (objects.putIfAbsent(key.apply(object), object) != null) return false;
        }
      }
      return true;
    }

    void put(V object) {
      V first = objects.putIfAbsent(key.apply(object), object);
      if (first == null) return;
      diagnostics.add(
          Diagnostic.error(
              source.apply(object),
              "metadata.name",
              "the same object stands at "
                  + source.apply(first).place()
                  + ": that one is taken, this one is set aside; remove one of them"));
    }
  }

  private static final class Ingresses extends Kind<ObjectKey, IngressObject> {
    Ingresses() {
      super(FileObjects::ingresses, IngressObject::key, IngressObject::source);
    }

    /** One that protects closes what it names, though another of its name is taken. */
    @Override
    void put(IngressObject ingress) {
      IngressObject first = objects.get(ingress.key());
      Optional<IngressObject> closing =
          first == null
              ? Optional.empty()
              : BrokenIngress.closing(ingress, "another object of its name is taken");
      if (first == null || closing.isEmpty()) {
        super.put(ingress);
        return;
      }
      IngressObject apart = closing.get().namedByPlace();
      objects.put(apart.key(), apart);
      diagnostics.add(
          Diagnostic.error(
              ingress.source(),
              "metadata.name",
              "the same object stands at "
                  + first.source().place()
                  + ": that one is taken; this one limits who may ask, so that what can be read of"
                  + " it answers 503; remove one of them"));
    }
  }
}
