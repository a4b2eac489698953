package dev.penstock.ingress.translate;

import dev.penstock.configmap.ConfigMapLoader;
import dev.penstock.configmap.Loaded;
import dev.penstock.configmap.StreamServices;
import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.ConfigMapNames;
import dev.penstock.ingress.source.ConfigMapObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Source;
import dev.penstock.model.Translation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the controller's ConfigMaps ask for, remembered from one translation to the next: while they
 * and what is in force stay the same, they are not read again. Not thread-safe.
 */
final class LoadedConfigMaps {
  /**
   * @param inForce the texts that were in force when it was loaded
   */
  private record Last(
      ConfigMapNames names,
      Map<ObjectKey, ConfigMapObject> configMaps,
      Map<String, String> inForce,
      Translation<Loaded> loaded) {
    /** By identity where the source keeps what has not changed; a false no costs time only. */
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(ClusterView view, ConfigMapNames current, Map<String, String> nowInForce) {
      return configMaps == view.configMaps()
          && names.equals(current)
          && (nowInForce.equals(inForce)
              || nowInForce.equals(loaded.value().settings().configMap()));
    }
  }

  private @Nullable Last last;

  /**
   * @param inForce the texts that are in force now: those of a bad value or a missing ConfigMap
   *     stay
   */
  Translation<Loaded> of(ClusterView view, ConfigMapNames names, Map<String, String> inForce) {
    Last before = last;
    if (before != null && before.isOf(view, names, inForce)) return before.loaded;
    Translation<Loaded> loaded = load(view.configMaps(), names, inForce);
    last = new Last(names, view.configMaps(), inForce, loaded);
    return loaded;
  }

  private static Translation<Loaded> load(
      Map<ObjectKey, ConfigMapObject> configMaps,
      ConfigMapNames names,
      Map<String, String> inForce) {
    List<Diagnostic> diagnostics = new ArrayList<>();
    Loaded loaded = Loaded.DEFAULT;
    if (names.settings().isPresent()) {
      ConfigMapObject found = configMaps.get(names.settings().get());
      if (found == null) {
        loaded = ConfigMapLoader.ofAccepted(inForce);
        diagnostics.add(missing(names.settings().get(), "what was last in force stays so"));
      } else {
        Translation<Loaded> read = ConfigMapLoader.load(found.written(), inForce);
        loaded = read.value();
        diagnostics.addAll(read.diagnostics());
      }
    }
    diagnostics.addAll(streams(configMaps, names.tcpServices(), "TCP"));
    diagnostics.addAll(streams(configMaps, names.udpServices(), "UDP"));
    return new Translation<>(loaded, diagnostics);
  }

  private static List<Diagnostic> streams(
      Map<ObjectKey, ConfigMapObject> configMaps, Optional<ObjectKey> name, String protocol) {
    if (name.isEmpty()) return List.of();
    ConfigMapObject found = configMaps.get(name.get());
    return found == null
        ? List.of(missing(name.get(), "no " + protocol + " port is asked for"))
        : StreamServices.judge(found.written(), protocol);
  }

  private static Diagnostic missing(ObjectKey key, String meanwhile) {
    return Diagnostic.warning(
        Source.of("ConfigMap", key.namespace(), key.name()),
        "",
        "is not there, or cannot be read: " + meanwhile + "; create it, an empty one for defaults");
  }
}
