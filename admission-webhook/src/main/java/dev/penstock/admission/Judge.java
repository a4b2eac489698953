package dev.penstock.admission;

import dev.penstock.ingress.source.ApiKind;
import dev.penstock.ingress.source.ApiObject;
import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.IngressObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.ServiceObject;
import dev.penstock.ingress.translate.IngressTranslator;
import dev.penstock.ingress.translate.IngressTranslator.Asked;
import dev.penstock.ingress.translate.OwnIngresses;
import dev.penstock.ingress.translate.ServiceAnnotations;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Diagnostic.Level;
import dev.penstock.model.Diagnostic.Reason;
import dev.penstock.model.Source;
import dev.penstock.model.text.Quote;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Judges one change, by what the controller would say before and after it. Denied is what the
 * controller would refuse, if it would not have refused it before: who mends one thing, or takes a
 * finalizer away, is not held up by another fault. What depends on other objects, such as a Service
 * that is still to come, is a warning.
 */
final class Judge {
  private static final String UPDATE = "UPDATE";
  private static final String DELETE = "DELETE";

  private final AdmissionSettings settings;
  private final ClusterView view;
  private final Function<ClusterView, Asked> translator;

  /**
   * @param translator pure
   */
  Judge(AdmissionSettings settings, ClusterView view, Function<ClusterView, Asked> translator) {
    this.settings = settings;
    this.view = view;
    this.translator = translator;
  }

  Verdict judge(Review review) {
    if (!review.subResource().isEmpty()) return Verdict.SILENT;
    return switch (review.kind()) {
      case Review.INGRESS -> ingress(review);
      case "v1/Service" -> changed(ReviewedKind.SERVICE, review);
      case "v1/ConfigMap" -> changed(ReviewedKind.CONFIG_MAP, review);
      default ->
          new Verdict(
              List.of(),
              List.of(
                  Quote.plain(review.kind())
                      + " is not judged by Penstock: take it out of the rules of this webhook"));
    };
  }

  /** Whatever is wrong with one of another class is nobody's business here. */
  private Verdict ingress(Review review) {
    boolean isOurs = Stream.of(review.object(), review.oldObject()).anyMatch(this::isOurs);
    return isOurs ? changed(ReviewedKind.INGRESS, review) : Verdict.SILENT;
  }

  private boolean isOurs(Review.@Nullable Part part) {
    if (part == null) return false;
    try {
      IngressObject head = part.as(ApiKind.INGRESS_HEAD).value();
      return head == null || OwnIngresses.isOwn(head, view, settings.classes());
    } catch (IOException unreadable) {
      return true;
    }
  }

  private boolean isJudged(String kind, ObjectKey key) {
    return kind.equals("ConfigMap")
        ? settings.configMaps().all().contains(key)
        : settings.reads(key.namespace());
  }

  private <T> Verdict changed(ReviewedKind<T> kind, Review review) {
    ApiObject<T> now;
    ApiObject<T> then;
    try {
      now = read(kind, review.object());
      then = read(kind, review.oldObject());
    } catch (IOException unreadable) {
      if (isBeingDeleted(review)) return Verdict.SILENT;
      String why = "the object cannot be read: " + unreadable.getMessage();
      return new Verdict(List.of(why), List.of());
    }
    ApiObject<T> any = now == null ? then : now;
    if (any == null) return Verdict.SILENT; // nothing was sent
    boolean isSame = now != null && then != null && now.isSame(then);
    if (isSame && isBeingDeleted(review)) return Verdict.SILENT; // its finalizers can go
    ObjectKey key = any.key();
    if (!isJudged(kind.api().name(), key)) return Verdict.SILENT;
    boolean isGone = review.operation().equals(DELETE);
    ClusterView before = kind.replaced(view, key, then == null ? null : then.value());
    ClusterView after =
        kind.replaced(view, key, now == null || isGone ? null : youngest(now.value(), review));
    return compare(
        new Change(
            Source.of(kind.api().name(), key.namespace(), key.name()),
            isGone,
            said(then, translator.apply(before)),
            said(isGone ? null : now, translator.apply(after))));
  }

  /** It is served until it is gone, so that what changes is judged. */
  private static boolean isBeingDeleted(Review review) {
    Review.Part object = review.object();
    return object != null && object.isBeingDeleted();
  }

  private static <T> @Nullable ApiObject<T> read(ReviewedKind<T> kind, Review.@Nullable Part part)
      throws IOException {
    return part == null ? null : part.as(kind.api());
  }

  /** What is being created without a time is not older than anything. */
  @SuppressWarnings("unchecked") // an Ingress stays one
  private static <T> @Nullable T youngest(@Nullable T object, Review review) {
    if (!(object instanceof IngressObject ingress) || review.operation().equals(UPDATE)) {
      return object;
    }
    return ingress.created().equals(Instant.EPOCH) ? (T) ingress.createdAt(Instant.MAX) : object;
  }

  /**
   * What is said of a world with the object in it.
   *
   * @param own of the object, and each other, by itself
   */
  private record Said(List<Diagnostic> own, Asked asked) {}

  private record Change(Source about, boolean isGone, Said before, Said after) {
    /** The namespace is not known of an object that does not say it. */
    boolean isAbout(Diagnostic diagnostic) {
      Source source = diagnostic.source();
      return source.name().equals(about.name())
          && (source.namespace().isEmpty() || source.namespace().equals(about.namespace()))
          && source.kind().equals(about.kind());
    }
  }

  private static Said said(@Nullable ApiObject<?> object, Asked asked) {
    List<Diagnostic> own = new ArrayList<>();
    if (object != null) own.addAll(object.diagnostics());
    if (object != null && object.value() instanceof ServiceObject service) {
      own.addAll(ServiceAnnotations.judge(service));
    }
    own.addAll(asked.own());
    return new Said(own, asked);
  }

  private Verdict compare(Change change) {
    List<Diagnostic> faults = new ArrayList<>();
    if (!change.isGone) {
      faults.addAll(ownFaults(change));
      boolean meetsOthers = change.about.kind().equals("Ingress");
      if (meetsOthers && settings.conflictsAreDenied()) faults.addAll(newConflicts(change));
    }
    List<String> warnings = new ArrayList<>();
    if (faults.isEmpty()) {
      warnings.addAll(
          Verdict.bounded(
              Effects.of(change.before.asked, change.after.asked, change.about.namespace())));
    }
    List<String> complaints =
        Stream.concat(change.after.own.stream(), change.after.asked.joint().stream())
            .filter(change::isAbout)
            .filter(d -> d.level() != Level.INFO && !faults.contains(d))
            .map(d -> line(d, change))
            .distinct()
            .toList();
    warnings.addAll(Verdict.bounded(complaints));
    return new Verdict(
        Verdict.bounded(faults.stream().map(d -> line(d, change)).distinct().toList()), warnings);
  }

  /** What the controller refuses of the object, whatever else there is. */
  private static List<Diagnostic> ownFaults(Change change) {
    List<Diagnostic> before = change.before.own.stream().filter(change::isAbout).toList();
    boolean isCut = before.size() > IngressTranslator.DIAGNOSTICS_MAX;
    if (isCut && before.getLast().level() == Level.ERROR) {
      return List.of(); // not all that was refused before is known
    }
    Known known = new Known(before);
    return change.after.own.stream()
        .filter(change::isAbout)
        .filter(d -> d.level() == Level.ERROR && d.reason() != Reason.BACKEND_NOT_FOUND)
        .filter(known::isNew)
        .toList();
  }

  /** What was said before, wherever in its list each rule, path and host stood then. */
  private static final class Known {
    private static final Pattern INDEX = Pattern.compile("\\b(rules|paths|tls|hosts)\\[[0-9]+]");

    private final Map<Diagnostic, Integer> times = new HashMap<>();

    Known(List<Diagnostic> told) {
      told.forEach(d -> times.merge(anywhere(d), 1, Integer::sum));
    }

    /** As often as it was said it is not new. */
    boolean isNew(Diagnostic told) {
      return times.merge(anywhere(told), -1, Integer::sum) < 0;
    }

    private static Diagnostic anywhere(Diagnostic told) {
      return new Diagnostic(
          told.level(),
          told.reason(),
          told.source(),
          INDEX.matcher(told.field()).replaceAll("$1"),
          INDEX.matcher(told.message()).replaceAll("$1"));
    }
  }

  private record Place(Source source, String field) {}

  /**
   * A host and path that somebody else has, or that somebody else loses by it. Who has lost it
   * already, to whomever, loses nothing.
   */
  private static List<Diagnostic> newConflicts(Change change) {
    Known known = new Known(change.before.asked.joint());
    Set<Place> lost = new HashSet<>();
    for (Diagnostic told : change.before.asked.joint()) {
      if (told.level() == Level.ERROR) lost.add(new Place(told.source(), told.field()));
    }
    return change.after.asked.joint().stream()
        .filter(d -> d.level() == Level.ERROR && d.reason() == Reason.CONFLICT)
        .filter(known::isNew)
        .filter(d -> change.isAbout(d) || !lost.contains(new Place(d.source(), d.field())))
        .toList();
  }

  private static String line(Diagnostic diagnostic, Change change) {
    String field = diagnostic.field().isEmpty() ? "" : diagnostic.field() + ": ";
    boolean isClear = change.isAbout(diagnostic) && !field.isEmpty(); // of what is reviewed
    String whose = isClear ? "" : Quote.object(diagnostic.source()) + ": ";
    return whose + field + diagnostic.message();
  }
}
