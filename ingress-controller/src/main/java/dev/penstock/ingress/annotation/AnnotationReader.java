package dev.penstock.ingress.annotation;

import dev.penstock.configmap.RouteDefaults;
import dev.penstock.ingress.annotation.Annotation.Detail;
import dev.penstock.ingress.annotation.Annotation.Meanwhile;
import dev.penstock.ingress.annotation.Annotation.Pending;
import dev.penstock.ingress.annotation.Annotation.Raw;
import dev.penstock.ingress.annotation.Annotation.Setting;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Diagnostic.Reason;
import dev.penstock.model.RoutePolicy;
import dev.penstock.model.Source;
import dev.penstock.model.Translation;
import dev.penstock.model.text.Quote;
import dev.penstock.model.text.Suggestion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reads the annotations of one Ingress. It fails closed: an annotation that protects and is not in
 * force, or that cannot be read at all, makes the routes of its Ingress answer 503 instead of
 * opening them. Which Ingress has a host and path is decided elsewhere, as if all were open.
 */
public final class AnnotationReader {
  /** There may be thousands of unknown keys, of which so many are told one by one. */
  private static final int SUGGESTED_MAX = 50;

  private static final String CLOSED =
      "; the routes of this Ingress answer 503 rather than being served without it, but where"
          + " another Ingress goes before it for the same host and path; remove the annotation to"
          + " serve them";

  private static final String NOTHING_CLOSED =
      "; no host of this Ingress can be read, so that nothing closes what is meant: another Ingress"
          + " may serve it without the protection; correct the Ingress";

  private final Source source;
  private final WrittenAnnotations written;
  private final RouteDefaults defaults;

  /** By key without prefix; values without white space around them. */
  private final SortedMap<String, String> values = new TreeMap<>();

  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private final List<String> denying = new ArrayList<>();
  private final List<Pending> competing = new ArrayList<>();

  private AnnotationReader(Source source, WrittenAnnotations written, RouteDefaults defaults) {
    this.source = source;
    this.written = written;
    this.defaults = defaults;
    written
        .values()
        .forEach((key, value) -> {
          if (key.startsWith(AnnotationTable.PREFIX)) {
            values.put(key.substring(AnnotationTable.PREFIX.length()), value.strip());
          }
        });
  }

  /**
   * @param source the Ingress, for the diagnostics
   * @param written all of its annotations; those without the prefix are skipped
   * @param defaults what counts where no annotation says anything
   */
  public static Translation<IngressOptions> read(
      Source source, WrittenAnnotations written, RouteDefaults defaults) {
    AnnotationReader reader = new AnnotationReader(source, written, defaults);
    reader.values.forEach(reader::judge);
    written.values().keySet().stream().sorted().forEach(reader::prefix);
    reader.competing.forEach(reader::competes);
    IngressOptions options = reader.options();
    return new Translation<>(options, reader.diagnostics);
  }

  /**
   * The keys of an Ingress, without prefix, that limit what is served: where anything of it cannot
   * be read, nobody else may serve that part. Empty when there is none.
   */
  public static List<String> protections(WrittenAnnotations written) {
    AnnotationReader reader = ofNobody(written);
    reader.values.forEach(reader::judge);
    written.values().keySet().stream().sorted().forEach(reader::prefix);
    return reader.denying;
  }

  /**
   * The keys, as they are written, of protections that are nearly written right. Nothing reads them
   * so, and the Ingress does not say what it means. Empty when there is none.
   */
  public static List<String> misspelt(WrittenAnnotations written) {
    AnnotationReader reader = ofNobody(written);
    written.values().keySet().stream().sorted().forEach(reader::prefix);
    return reader.denying;
  }

  /** For whom neither its place nor the values of settings matter. */
  private static AnnotationReader ofNobody(WrittenAnnotations written) {
    Source nobody = Source.of("Ingress", "", "");
    return new AnnotationReader(nobody, written, RouteDefaults.DEFAULT);
  }

  /** What was told of an Ingress that turns out to have no route that could be closed. */
  public static Diagnostic closingNothing(Diagnostic told) {
    return told.saying(told.message().replace(CLOSED, NOTHING_CLOSED));
  }

  private IngressOptions options() {
    return new IngressOptions(
        new IngressOptions.Redirect(
            read(RedirectAnnotations.SSL_REDIRECT),
            read(RedirectAnnotations.FORCE_SSL_REDIRECT),
            read(RedirectAnnotations.PRESERVE_TRAILING_SLASH)),
        defaults.hsts(),
        read(ProxyAnnotations.BODY_SIZE),
        read(ProxyAnnotations.CONNECT_TIMEOUT),
        read(ProxyAnnotations.READ_TIMEOUT),
        read(ProxyAnnotations.SEND_TIMEOUT),
        tries(),
        isOn("use-regex") || isOn("rewrite-target"),
        !competing.isEmpty() && denying.isEmpty(),
        notInForce(denying, ""),
        closed());
  }

  /** An Ingress that asks for nobody's permission does not need the one that is not in force. */
  private String closed() {
    List<String> closing = new ArrayList<>(defaults.closedBy());
    boolean isTold = !values.getOrDefault(AuthAnnotations.GLOBAL, "").isEmpty();
    if (isTold && !isOn(AuthAnnotations.GLOBAL)) closing.remove(RouteDefaults.GLOBAL_AUTH);
    return notInForce(closing, " of the ConfigMap");
  }

  /** Why routes answer 503; empty when there is no such key. */
  private static String notInForce(List<String> keys, String where) {
    return keys.isEmpty() ? "" : "not in force in this version: " + String.join(", ", keys) + where;
  }

  private <T> T read(Setting<T> setting) {
    String text = values.getOrDefault(setting.key(), "");
    T unset = setting.unset().apply(defaults);
    if (text.isEmpty() || Quote.holdsControl(text)) return unset;
    Optional<T> value = setting.value().parse(text);
    if (value.isPresent()) return value.get();
    error(
        setting.key(),
        Reason.INVALID,
        Quote.of(text)
            + " is not "
            + setting.value().accepts()
            + "; the default stays in force ("
            + shown(unset)
            + ")");
    return unset;
  }

  private static String shown(Object unset) {
    return switch (unset) {
      case Duration time -> time.toSeconds() + " s";
      case Long bytes -> bytes + " bytes";
      default -> unset.toString();
    };
  }

  private int tries() {
    int asked = read(ProxyAnnotations.TRIES);
    if (asked >= 1 && asked <= RoutePolicy.TRIES_MAX) return asked;
    warning(
        ProxyAnnotations.TRIES.key(),
        Reason.NOT_IN_FORCE,
        (asked == 0 ? "0 asks for tries without bound" : asked + " is too many")
            + "; at most "
            + RoutePolicy.TRIES_MAX
            + " endpoints are tried for one request");
    return RoutePolicy.TRIES_MAX;
  }

  /** Says what has to be said of a key; the values of settings are read later. */
  private void judge(String key, String value) {
    Annotation annotation = AnnotationTable.find(key);
    if (Quote.holdsControl(value) && !(annotation instanceof Raw)) {
      deny(key, "holds a control character, which no annotation may hold");
      return;
    }
    if (value.isEmpty() && annotation != null) {
      warning(key, Reason.INVALID, "is empty and so has no effect; give it a value or remove it");
      return;
    }
    switch (annotation) {
      case null -> unknown(key);
      case Setting<?> ignored -> {}
      case Pending pending -> pending(pending, value);
      case Detail detail -> detail(detail);
      case Raw raw ->
          deny(
              key,
              raw.manual()
                  + ", which is never executed, and which may have been a protection; use typed"
                  + " annotations instead");
    }
  }

  private void prefix(String key) {
    String name = AnnotationTable.meant(key);
    if (name.isEmpty() && !AnnotationTable.isNearPrefix(key)) return;
    if (name.isEmpty()) name = key.substring(key.indexOf('/') + 1);
    String meant = "; did you mean " + Quote.of(AnnotationTable.PREFIX + name) + "?";
    Source place = written.place(key, source);
    String field = "metadata.annotations[" + Quote.plain(key) + "]";
    String what = "is no annotation of ingress-nginx and has no effect";
    if (protects(name, written.values().getOrDefault(key, "").strip())) {
      denying.add(Quote.plain(key));
      what += ", but what it is meant to do must not be missing, so that this Ingress is closed";
      diagnostics.add(Diagnostic.error(place, field, what + meant).because(Reason.CLOSED));
    } else {
      diagnostics.add(Diagnostic.warning(place, field, what + meant));
    }
  }

  private static boolean protects(String name, String value) {
    if (value.isEmpty()) return false;
    return switch (AnnotationTable.find(name)) {
      case Raw ignored -> true;
      case Pending pending -> pending.meanwhile() == Meanwhile.DENY && pending.isOn(value);
      case null, default -> false;
    };
  }

  private void unknown(String key) {
    if (!AnnotationTable.meant(AnnotationTable.PREFIX + key).isEmpty()) return; // told as misspelt
    if (AnnotationTable.isGone(key)) {
      warning(
          key, Reason.NOT_IN_FORCE, "was removed from ingress-nginx and has no effect; remove it");
      return;
    }
    warning(
        key,
        Reason.INVALID,
        "is no annotation of ingress-nginx and has no effect"
            + (diagnostics.size() < SUGGESTED_MAX
                ? Suggestion.near(key, AnnotationTable.all().keySet())
                : ""));
  }

  private void pending(Pending pending, String value) {
    if (!pending.isOn(value)) return;
    String what = "asks for what is not in force in this version: " + pending.manual();
    switch (pending.meanwhile()) {
      case DENY -> deny(pending.key(), what);
      case SET_ASIDE -> competing.add(pending);
      case WARN ->
          warning(pending.key(), Reason.NOT_IN_FORCE, what + "; the routes are served without it");
      case NOTE ->
          diagnostics.add(
              Diagnostic.info(
                      place(pending.key()),
                      field(pending.key()),
                      pending.manual() + ": without meaning here, and ignored")
                  .because(Reason.NOT_IN_FORCE));
    }
  }

  /** An Ingress that is left out closes nothing: where anything denies, that goes first. */
  private void competes(Pending pending) {
    error(
        pending.key(),
        Reason.NOT_IN_FORCE,
        "asks for what is not in force in this version: "
            + pending.manual()
            + (denying.isEmpty()
                ? "; the whole Ingress is left out, because it would compete with that one; remove"
                    + " the Ingress, or the annotation"
                : "; the routes answer 503, because another annotation denies them; remove the"
                    + " Ingress, or both annotations"));
  }

  private void detail(Detail detail) {
    if (detail.owners().stream().anyMatch(this::isOn)) return;
    diagnostics.add(
        Diagnostic.info(
            place(detail.key()),
            field(detail.key()),
            "has no effect without "
                + detail.owners().stream().map(Quote::of).collect(Collectors.joining(" or "))));
  }

  /** Whether a pending key asks for its feature. */
  private boolean isOn(String key) {
    String value = values.getOrDefault(key, "");
    return !value.isEmpty()
        && AnnotationTable.find(key) instanceof Pending pending
        && pending.isOn(value);
  }

  private void deny(String key, String why) {
    denying.add(Quote.plain(key));
    error(key, Reason.CLOSED, why + CLOSED);
  }

  private void error(String key, Reason reason, String message) {
    diagnostics.add(Diagnostic.error(place(key), field(key), message).because(reason));
  }

  private void warning(String key, Reason reason, String message) {
    diagnostics.add(Diagnostic.warning(place(key), field(key), message).because(reason));
  }

  private Source place(String key) {
    return written.place(AnnotationTable.PREFIX + key, source);
  }

  private static String field(String key) {
    return "metadata.annotations[" + AnnotationTable.PREFIX + Quote.plain(key) + "]";
  }
}
