package dev.penstock.ingress.translate;

import dev.penstock.configmap.Loaded;
import dev.penstock.ingress.source.IngressObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.ServiceObject;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.text.Quote;
import java.util.ArrayList;
import java.util.Collections;
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
 * same. One that named a Service that is missing is made anew, because what is said of it depends
 * on what other Services there are. A memory and nothing else: with a fresh one a translation finds
 * the same. Not thread-safe.
 */
final class IngressParts {
  private final Remembered<ObjectKey, Kept> parts = new Remembered<>();
  private Map<ObjectKey, ServiceObject> services = Map.of();
  private @Nullable Loaded loaded;
  private Set<ObjectKey> changedServices = Set.of();
  private boolean isOutdated;
  private List<IngressPart> gone = new ArrayList<>();
  private List<IngressPart> made = new ArrayList<>();

  /**
   * @param services those that it named
   * @param isWhole whether all of them were there
   */
  private record Kept(
      IngressObject ingress, List<ObjectKey> services, boolean isWhole, IngressPart part) {}

  /** What differs from the translation before: one that was made anew is in both lists. */
  record Changed(List<IngressPart> gone, List<IngressPart> made) {}

  /** A translation begins; {@link #of} is asked once for each Ingress, then {@link #end}. */
  void begin(Map<ObjectKey, ServiceObject> currentServices, Loaded currentlyLoaded) {
    isOutdated = !currentlyLoaded.equals(loaded);
    changedServices = Differences.between(services, currentServices);
    services = currentServices;
    loaded = currentlyLoaded;
    gone = new ArrayList<>();
    made = new ArrayList<>();
    parts.begin();
  }

  IngressPart of(IngressObject ingress) {
    Kept kept = parts.get(ingress.key());
    if (kept != null && isCurrent(kept, ingress)) return kept.part;
    if (kept != null) gone.add(kept.part);
    Kept anew = anew(ingress);
    parts.put(ingress.key(), anew);
    made.add(anew.part);
    return anew.part;
  }

  Changed end() {
    parts.end(kept -> gone.add(kept.part));
    return new Changed(gone, made);
  }

  private Kept anew(IngressObject ingress) {
    ServiceTable table = new ServiceTable(services);
    IngressPart part = translate(ingress, table);
    boolean isWhole = table.asked().values().stream().allMatch(Optional::isPresent);
    return new Kept(ingress, List.copyOf(table.asked().keySet()), isWhole, part);
  }

  /** By identity: what has not changed in the cluster is the same object. */
  @SuppressWarnings("ReferenceEquality")
  private boolean isCurrent(Kept kept, IngressObject ingress) {
    return !isOutdated
        && kept.isWhole
        && kept.ingress == ingress
        && (changedServices.isEmpty() || Collections.disjoint(changedServices, kept.services));
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
