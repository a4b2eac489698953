package dev.penstock.ingress.source;

import static java.util.stream.Collectors.toSet;

import dev.penstock.model.Diagnostic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one file holds.
 *
 * @param parsed false when the file is not readable as a whole: then it holds nothing but what has
 *     to be closed, and its objects should keep their last good state
 * @param ingresses to {@code configMaps}: in the order of the file, faulty objects left out
 * @param unreadSecrets Secrets whose {@code file://} companions could not be read: they are left
 *     out, and should keep their last good state
 * @param notRead how many objects of kinds that are none of Penstock's business there are, by kind
 */
public record FileObjects(
    boolean parsed,
    List<IngressObject> ingresses,
    List<IngressClassObject> classes,
    List<ServiceObject> services,
    List<EndpointSliceObject> slices,
    List<SecretObject> secrets,
    List<ConfigMapObject> configMaps,
    Set<ObjectKey> unreadSecrets,
    List<Diagnostic> diagnostics,
    Map<String, Integer> notRead) {
  /** How a complaint ends of a file that cannot be read as a whole. */
  static final String KEPT = "; this file's objects keep their last good state";

  /** The same after the file or directory is named. */
  static final String ITS_OBJECTS_KEPT = "; its objects keep their last good state";

  /** How a complaint ends of a Secret whose companions cannot be read, where there is one. */
  private static final String SECRET_KEPT = "; this Secret keeps its last good state";

  /** Why what protects is closed that stands before the fault in its file. */
  static final String CUT_OFF = "its file cannot be read to the end";

  private static final String NOTHING =
      "; nothing of this file is served, and no protection in it is in force";

  public FileObjects {
    ingresses = List.copyOf(ingresses);
    classes = List.copyOf(classes);
    services = List.copyOf(services);
    slices = List.copyOf(slices);
    secrets = List.copyOf(secrets);
    configMaps = List.copyOf(configMaps);
    unreadSecrets = Set.copyOf(unreadSecrets);
    diagnostics = List.copyOf(diagnostics);
    notRead = Map.copyOf(notRead);
  }

  private static FileObjects nothing(
      boolean parsed, List<Diagnostic> diagnostics, Map<String, Integer> notRead) {
    return new FileObjects(
        parsed,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Set.of(),
        diagnostics,
        notRead);
  }

  private FileObjects with(
      boolean nowParsed, List<IngressObject> nowIngresses, List<Diagnostic> nowDiagnostics) {
    return new FileObjects(
        nowParsed,
        nowIngresses,
        classes,
        services,
        slices,
        secrets,
        configMaps,
        unreadSecrets,
        nowDiagnostics,
        notRead);
  }

  /** A file that cannot be read, for this reason. */
  static FileObjects unreadable(Diagnostic why) {
    return nothing(false, List.of(why), Map.of());
  }

  /** The same, and of what was read before the fault what protects: it closes its routes. */
  FileObjects protecting(List<IngressObject> readBefore) {
    List<IngressObject> closing = new ArrayList<>(ingresses);
    for (IngressObject ingress : readBefore) {
      BrokenIngress.closing(ingress, CUT_OFF).ifPresent(closing::add);
    }
    return with(parsed, closing, diagnostics);
  }

  /** The same without objects. */
  FileObjects complaintsOnly() {
    return nothing(parsed, diagnostics, notRead);
  }

  /** The same, for a file of which nothing good is known: the complaints say so. */
  FileObjects withoutLastGood() {
    if (parsed) return this;
    List<Diagnostic> told = diagnostics.stream().map(FileObjects::withoutLastGood).toList();
    return with(false, ingresses, told);
  }

  static Diagnostic withoutLastGood(Diagnostic told) {
    return ending(ending(told, KEPT, NOTHING), ITS_OBJECTS_KEPT, NOTHING);
  }

  /** The same with another end, where it says that nothing is served of its file. */
  static Diagnostic keptAs(Diagnostic told, String end) {
    return ending(told, NOTHING, end);
  }

  /** The same with another end, where it ends so. */
  private static Diagnostic ending(Diagnostic told, String before, String now) {
    String message = told.message();
    if (!message.endsWith(before)) return told;
    return told.saying(message.substring(0, message.length() - before.length()) + now);
  }

  /** The same complaints and this one, as if it were not readable as a whole. */
  FileObjects unparsed(Diagnostic why) {
    List<Diagnostic> all = new ArrayList<>(diagnostics);
    all.add(why);
    return with(false, ingresses, all);
  }

  /** Whether nothing is read from it or kept for it but what is broken. */
  boolean holdsNothing() {
    return services.isEmpty() // first what is asked of thousands of files at each change
        && slices.isEmpty()
        && secrets.isEmpty()
        && classes.isEmpty()
        && configMaps.isEmpty()
        && unreadSecrets.isEmpty()
        && ingresses.stream().allMatch(IngressObject::isBroken);
  }

  /**
   * The same; what is equal in an earlier reading is that reading's instance, so that it is seen at
   * a glance that it has not changed.
   */
  FileObjects sharing(FileObjects before) {
    return new FileObjects(
        parsed,
        shared(ingresses, before.ingresses),
        shared(classes, before.classes),
        shared(services, before.services),
        shared(slices, before.slices),
        shared(secrets, before.secrets),
        shared(configMaps, before.configMaps),
        unreadSecrets,
        diagnostics,
        notRead);
  }

  private static <T> List<T> shared(List<T> now, List<T> before) {
    Map<T, T> known = HashMap.newHashMap(before.size());
    for (T object : before) known.putIfAbsent(object, object);
    List<T> shared = new ArrayList<>(now.size());
    for (T object : now) shared.add(known.getOrDefault(object, object));
    return shared;
  }

  /**
   * What is to be served of this reading: itself when it is good, what {@code before} held where it
   * is not. The complaints are always this reading's.
   */
  FileObjects keeping(FileObjects before) {
    if (!parsed) {
      return new FileObjects(
          false,
          ingresses.isEmpty() ? before.ingresses : closing(before.ingresses),
          before.classes,
          before.services,
          before.slices,
          before.secrets,
          before.configMaps,
          before.unreadSecrets,
          diagnostics,
          notRead);
    }
    if (unreadSecrets.isEmpty()) return this;
    List<SecretObject> kept = new ArrayList<>(secrets);
    List<Diagnostic> told = new ArrayList<>(diagnostics);
    for (SecretObject secret : before.secrets) {
      if (!unreadSecrets.contains(secret.key())) continue;
      kept.add(secret);
      told.replaceAll(each ->
          secret.source().object().equals(each.source().object())
              ? ending(each, Fields.Faults.SET_ASIDE, SECRET_KEPT)
              : each);
    }
    return new FileObjects(
        true, ingresses, classes, services, slices, kept, configMaps, unreadSecrets, told, notRead);
  }

  /** What is broken now goes before what was good: it may have become protected. */
  private List<IngressObject> closing(List<IngressObject> good) {
    List<IngressObject> kept = new ArrayList<>(ingresses);
    Set<ObjectKey> broken = ingresses.stream().map(IngressObject::key).collect(toSet());
    good.stream().filter(i -> !i.isBroken() && !broken.contains(i.key())).forEach(kept::add);
    return kept;
  }
}
