package dev.penstock.ingress.translate;

import dev.penstock.configmap.Loaded;
import dev.penstock.ingress.source.IngressObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.ServiceObject;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.text.Quote;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What each Ingress asks for, remembered from one translation to the next: of thousands one has
 * changed, and the others took half of a translation's time.
 *
 * <p>A part is taken again while its Ingress, every Service that it named and the settings are the
 * same; one that named a Service that is missing, while none of its namespace or of that name comes
 * or goes, because what is said of it depends on these. A memory and nothing else: with a fresh one
 * a translation finds the same. Not thread-safe.
 */
final class IngressParts {
  private final Map<ObjectKey, Kept> parts = new HashMap<>();

  /** Counts translations; a part that the present one has not asked for is forgotten at its end. */
  private int round;

  private int asked;
  private Map<ObjectKey, ServiceObject> services = Map.of();
  private @Nullable Loaded loaded;
  private KnownNames names = new KnownNames(Set.of());
  private Map<ObjectKey, ServiceTable.TcpPorts> ports = new HashMap<>();
  private Set<ObjectKey> changedServices = Set.of();

  /** Of the changed ones those that were not there before or are not there now. */
  private List<ObjectKey> otherServices = List.of();

  private boolean isOutdated;
  private List<IngressPart> gone = new ArrayList<>();
  private List<IngressPart> made = new ArrayList<>();

  private static final class Kept {
    final IngressObject ingress;

    /** Those that it named. */
    final List<ObjectKey> services;

    /** Whether one of them was not there. */
    final boolean isMissingOne;

    final IngressPart part;
    int round;

    Kept(IngressObject ingress, Map<ObjectKey, Optional<ServiceObject>> asked, IngressPart part) {
      this.ingress = ingress;
      this.services = List.copyOf(asked.keySet());
      this.isMissingOne = asked.values().stream().anyMatch(Optional::isEmpty);
      this.part = part;
    }
  }

  /** What differs from the translation before: one that was made anew is in both lists. */
  record Changed(List<IngressPart> gone, List<IngressPart> made) {}

  /** A translation begins; {@link #of} is asked once for each Ingress, then {@link #end}. */
  void begin(Map<ObjectKey, ServiceObject> currentServices, Loaded currentlyLoaded) {
    isOutdated = !currentlyLoaded.equals(loaded);
    changedServices = Differences.between(services, currentServices);
    Map<ObjectKey, ServiceObject> before = services;
    otherServices =
        changedServices.stream()
            .filter(key -> before.containsKey(key) != currentServices.containsKey(key))
            .toList();
    services = currentServices;
    ports = new HashMap<>();
    names = new KnownNames(services.keySet());
    loaded = currentlyLoaded;
    gone = new ArrayList<>();
    made = new ArrayList<>();
    round++;
    asked = 0;
  }

  IngressPart of(IngressObject ingress) {
    Kept kept = parts.get(ingress.key());
    if (kept == null || !isCurrent(kept, ingress)) {
      if (kept != null) gone.add(kept.part);
      ServiceTable table = new ServiceTable(services, names, ports);
      IngressPart part = translate(ingress, table);
      kept = new Kept(ingress, table.asked(), part);
      parts.put(ingress.key(), kept);
      made.add(kept.part);
    }
    kept.round = round;
    asked++;
    return kept.part;
  }

  Changed end() {
    ports = new HashMap<>(); // large ones are not worth their memory
    if (parts.size() > asked) parts.values().removeIf(this::isGone);
    return new Changed(gone, made);
  }

  private boolean isGone(Kept kept) {
    if (kept.round == round) return false;
    gone.add(kept.part);
    return true;
  }

  /** By identity: what has not changed in the cluster is the same object. */
  @SuppressWarnings("ReferenceEquality")
  private boolean isCurrent(Kept kept, IngressObject ingress) {
    return !isOutdated
        && kept.ingress == ingress
        && (changedServices.isEmpty() || Collections.disjoint(changedServices, kept.services))
        && !(kept.isMissingOne && otherServices.stream().anyMatch(key -> isHint(key, ingress)));
  }

  /** Whether another name may have been meant. */
  private static boolean isHint(ObjectKey other, IngressObject ingress) {
    return other.namespace().equals(ingress.key().namespace());
  }

  /** A defect of ours, met by one Ingress, must not take the others down with it. */
  private IngressPart translate(IngressObject ingress, ServiceTable table) {
    Loaded current = loaded;
    if (current == null) throw new IllegalStateException("begin sets the settings");
    try {
      return OneIngress.translate(ingress, table, current);
    } catch (RuntimeException defect) {
      return IngressPart.none(
          List.of(
              Diagnostic.error(
                  ingress.source(),
                  "",
                  "could not be translated, which is a defect of Penstock ("
                      + Quote.plain(defect.toString())
                      + "); the Ingress is set aside: please report it")));
    }
  }
}
