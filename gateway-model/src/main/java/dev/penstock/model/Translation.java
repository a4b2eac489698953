package dev.penstock.model;

import java.util.List;

/**
 * What a translator returns: the part that can be served, and the complaints. A bad object is
 * missing from the value and present in the diagnostics.
 *
 * @param value what can be served
 * @param diagnostics in the order in which they were found; copied
 */
public record Translation<T>(T value, List<Diagnostic> diagnostics) {
  public Translation {
    diagnostics = List.copyOf(diagnostics);
  }

  public boolean hasErrors() {
    return diagnostics.stream().anyMatch(d -> d.level() == Diagnostic.Level.ERROR);
  }
}
