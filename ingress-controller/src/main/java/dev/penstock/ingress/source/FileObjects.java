package dev.penstock.ingress.source;

import dev.penstock.model.Diagnostic;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What one file holds.
 *
 * @param parsed false when the file is not readable as a whole: then it holds nothing and its
 *     objects should keep their last good state
 * @param ingresses to {@code secrets}: in the order of the file, faulty objects left out
 * @param unreadSecrets Secrets whose {@code file://} companions could not be read: they are left
 *     out, and should keep their last good state
 */
public record FileObjects(
    boolean parsed,
    List<IngressObject> ingresses,
    List<IngressClassObject> classes,
    List<ServiceObject> services,
    List<EndpointSliceObject> slices,
    List<SecretObject> secrets,
    Set<ObjectKey> unreadSecrets,
    List<Diagnostic> diagnostics) {
  public FileObjects {
    ingresses = List.copyOf(ingresses);
    classes = List.copyOf(classes);
    services = List.copyOf(services);
    slices = List.copyOf(slices);
    secrets = List.copyOf(secrets);
    unreadSecrets = Set.copyOf(unreadSecrets);
    diagnostics = List.copyOf(diagnostics);
  }

  /** A file that cannot be read, for this reason. */
  static FileObjects unreadable(Diagnostic why) {
    return new FileObjects(
        false, List.of(), List.of(), List.of(), List.of(), List.of(), Set.of(), List.of(why));
  }

  /** Whether no object is read from it or kept for it. */
  boolean holdsNothing() {
    return ingresses.isEmpty()
        && classes.isEmpty()
        && services.isEmpty()
        && slices.isEmpty()
        && secrets.isEmpty()
        && unreadSecrets.isEmpty();
  }

  /**
   * What is to be served of this reading: itself when it is good, what {@code before} held where it
   * is not. The complaints are always this reading's.
   */
  FileObjects keeping(FileObjects before) {
    if (!parsed) {
      return new FileObjects(
          false,
          before.ingresses,
          before.classes,
          before.services,
          before.slices,
          before.secrets,
          before.unreadSecrets,
          diagnostics);
    }
    if (unreadSecrets.isEmpty()) return this;
    List<SecretObject> kept = new ArrayList<>(secrets);
    before.secrets.stream().filter(s -> unreadSecrets.contains(s.key())).forEach(kept::add);
    return new FileObjects(
        true, ingresses, classes, services, slices, kept, unreadSecrets, diagnostics);
  }
}
