package dev.penstock.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Diagnostic.Level;
import dev.penstock.model.Diagnostic.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Complaints can be kept in trees, so that those of one hash, which anybody can cause, are found.
 */
class DiagnosticOrderTest {
  private static List<Diagnostic> all() {
    List<Source> sources =
        List.of(
            new Source("a", "a", "a", "a", 1, 1),
            new Source("b", "a", "a", "a", 1, 1),
            new Source("a", "b", "a", "a", 1, 1),
            new Source("a", "a", "b", "a", 1, 1),
            new Source("a", "a", "a", "b", 1, 1),
            new Source("a", "a", "a", "a", 2, 1),
            new Source("a", "a", "a", "a", 1, 2));
    List<Diagnostic> all = new ArrayList<>();
    for (Source source : sources) all.addAll(of(source));
    return all;
  }

  private static List<Diagnostic> of(Source source) {
    List<Diagnostic> all = new ArrayList<>();
    for (Level level : Level.values()) {
      for (String text : List.of("a", "b")) {
        all.add(new Diagnostic(level, Reason.INVALID, source, text, "a"));
        all.add(new Diagnostic(level, Reason.INVALID, source, text, "b"));
        all.add(new Diagnostic(level, Reason.CONFLICT, source, text, "a"));
      }
    }
    return all;
  }

  @Test
  void noTwoThatDifferAreTheSameInATree() {
    assertThat(new TreeSet<>(all())).hasSameSizeAs(all());
  }

  @Test
  void theOrderIsTheSameBothWays() {
    for (Diagnostic one : all()) {
      for (Diagnostic other : all()) {
        assertThat(Integer.signum(one.compareTo(other)))
            .isEqualTo(-Integer.signum(other.compareTo(one)));
        assertThat(one.compareTo(other) == 0).isEqualTo(one.equals(other));
      }
    }
  }
}
