package dev.penstock.configmap;

import dev.penstock.model.Diagnostic;
import dev.penstock.model.Translation;
import dev.penstock.model.text.Quote;
import dev.penstock.model.text.Suggestion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the controller's ConfigMap. A value that cannot be read leaves the last good one in force;
 * what is known but not built, without meaning, or unknown, is said once for each key.
 */
public final class ConfigMapLoader {
  private final WrittenConfigMap written;
  private final Map<String, String> previous;
  private final Draft draft = new Draft();
  private final Map<String, String> accepted = new HashMap<>();
  private final List<Diagnostic> diagnostics = new ArrayList<>();

  private ConfigMapLoader(WrittenConfigMap written, Map<String, String> previous) {
    this.written = written;
    this.previous = previous;
  }

  /**
   * A pure function. What it says is in the order of the manual, then of the unknown keys.
   *
   * @param previous the texts that are in force now ({@code Settings.configMap})
   */
  public static Translation<Loaded> load(WrittenConfigMap written, Map<String, String> previous) {
    ConfigMapLoader loader = new ConfigMapLoader(written, previous);
    KeyTable.all().values().forEach(loader::read);
    written.data().keySet().stream()
        .filter(name -> !KeyTable.all().containsKey(name))
        .sorted()
        .forEach(loader::unknown);
    return new Translation<>(loader.draft.loaded(loader.accepted), loader.diagnostics);
  }

  /** What these texts ask for, all of which were accepted before: when a ConfigMap is not there. */
  public static Loaded ofAccepted(Map<String, String> texts) {
    Draft draft = new Draft();
    for (Key key : KeyTable.all().values()) {
      String text = texts.get(key.name());
      if (text == null) continue;
      if (key instanceof Key.Acting<?> acting) apply(acting, text, draft);
      else draft.closedBy(key.name());
    }
    return draft.loaded(texts);
  }

  private void read(Key key) {
    String text = written.data().get(key.name());
    if (text == null) return;
    String value = text.strip();
    switch (key) {
      case Key.Acting<?> acting -> act(acting, value);
      case Key.Waiting waiting -> waiting(waiting, value);
      case Key.Closing closing -> closing(closing, value);
      case Key.Meaningless ignored ->
          diagnostics.add(
              Diagnostic.info(
                  written.place(key.name()),
                  field(key.name()),
                  key.manual() + ": without meaning here, and ignored"));
      case Key.Raw raw -> raw(raw, value);
    }
  }

  private void act(Key.Acting<?> key, String value) {
    if (value.isEmpty()) {
      warning(key, "is empty and so has no effect; give it a value or remove it");
      return;
    }
    if (apply(key, value, draft)) {
      accepted.put(key.name(), value);
      String remark = draft.takeRemark();
      if (!remark.isEmpty()) warning(key, remark);
      return;
    }
    String last = previous.getOrDefault(key.name(), key.unread());
    boolean isKept = !last.isEmpty() && apply(key, last, draft);
    if (isKept) accepted.put(key.name(), last);
    String inForce =
        !isKept
            ? "the default stays in force"
            : previous.containsKey(key.name())
                ? "the last good value stays in force (" + Quote.of(last) + ")"
                : "it counts as " + Quote.of(last);
    error(key, notAccepted(key, value) + "; " + inForce);
  }

  /** Whether the text is accepted. */
  private static <T> boolean apply(Key.Acting<T> key, String text, Draft draft) {
    Optional<T> value = key.syntax().parse(text);
    value.ifPresent(read -> key.effect().accept(draft, read));
    return value.isPresent();
  }

  private void waiting(Key.Waiting key, String value) {
    if (key.asksForNothing(value)) return;
    if (key.syntax().parse(value).isEmpty()) {
      error(key, notAccepted(key, value) + "; it is ignored");
    } else {
      diagnostics.add(
          Diagnostic.warning(
                  written.place(key.name()),
                  field(key.name()),
                  key.manual() + ": accepted, but not in force in this version")
              .because(Diagnostic.Reason.NOT_IN_FORCE));
    }
  }

  private void closing(Key.Closing key, String value) {
    if (key.asksForNothing(value)) return;
    boolean isRead = key.syntax().parse(value).isPresent();
    close(
        key,
        isRead
            ? key.manual() + ": not in force in this version"
            : notAccepted(key, value) + ", and " + key.name() + " is not in force in this version");
  }

  private void raw(Key.Raw key, String value) {
    if (value.isEmpty() || Syntax.BOOL.parse(value).equals(Optional.of(false))) return;
    String refused = key.manual() + ": refused";
    String protection = key.protection(value);
    if (protection.isEmpty()) {
      warning(key, refused + "; use typed keys and annotations instead");
    } else {
      close(key, refused + ", and " + Quote.of(protection) + " may be a protection");
    }
  }

  private void close(Key key, String why) {
    draft.closedBy(key.name());
    accepted.put(key.name(), ""); // it stays closed while the ConfigMap is not there
    diagnostics.add(
        Diagnostic.error(
                written.place(key.name()),
                field(key.name()),
                why
                    + "; every route answers 503 rather than being served without it; remove the key"
                    + " to serve them")
            .because(Diagnostic.Reason.CLOSED));
  }

  private void unknown(String name) {
    warning(
        name,
        "is no key of ingress-nginx's ConfigMap and has no effect"
            + Suggestion.near(name, KeyTable.all().keySet()));
  }

  private static String notAccepted(Key.Valued key, String value) {
    return Quote.of(value) + " is not " + key.syntax().accepts();
  }

  private void error(Key key, String message) {
    diagnostics.add(Diagnostic.error(written.place(key.name()), field(key.name()), message));
  }

  private void warning(Key key, String message) {
    warning(key.name(), message);
  }

  private void warning(String name, String message) {
    diagnostics.add(Diagnostic.warning(written.place(name), field(name), message));
  }

  private static String field(String name) {
    return "data[" + Quote.plain(name) + "]";
  }
}
