package dev.penstock.ingress.translate;

import dev.penstock.model.Diagnostic;
import dev.penstock.model.Source;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A diagnostic whose text is made when it is first told: two Ingresses may be at odds over
 * thousands of paths, of which {@link Complaints} tells the first. One thread.
 */
final class Complaint {
  private final Diagnostic.Level level;
  private final Source source;
  private final Supplier<Diagnostic> text;
  private @Nullable Diagnostic made;

  /**
   * @param level of what {@code text} makes
   * @param source of what {@code text} makes
   */
  Complaint(Diagnostic.Level level, Source source, Supplier<Diagnostic> text) {
    this.level = level;
    this.source = source;
    this.text = text;
  }

  Diagnostic.Level level() {
    return level;
  }

  Source source() {
    return source;
  }

  Diagnostic diagnostic() {
    Diagnostic told = made;
    if (told == null) {
      told = text.get();
      made = told;
    }
    return told;
  }
}
