package dev.penstock.ingress.source;

import dev.penstock.model.Diagnostic;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;

/**
 * Logs every diagnostic once when it appears and once when it is gone, however often it is found in
 * between. One thread.
 */
final class DiagnosticLog {
  /** Lines for one change: a directory full of faults must not flood the log. */
  private static final int LINES_MAX = 200;

  private final Logger log;
  private Set<Diagnostic> standing = Set.of();

  DiagnosticLog(Logger log) {
    this.log = log;
  }

  void update(List<Diagnostic> diagnostics) {
    Set<Diagnostic> now = new LinkedHashSet<>(diagnostics);
    int lines = 0;
    for (Diagnostic diagnostic : now) {
      if (!standing.contains(diagnostic) && lines++ < LINES_MAX) write(diagnostic);
    }
    if (lines > LINES_MAX)
      log.warn("{} more diagnostics; `penstock check` lists all", lines - LINES_MAX);
    lines = 0;
    for (Diagnostic diagnostic : standing) {
      boolean resolved = !now.contains(diagnostic) && diagnostic.level() != Diagnostic.Level.INFO;
      if (resolved && lines++ < LINES_MAX) log.info("no longer: {}", diagnostic);
    }
    standing = now;
  }

  private void write(Diagnostic diagnostic) {
    switch (diagnostic.level()) {
      case ERROR -> log.error("{}", diagnostic);
      case WARNING -> log.warn("{}", diagnostic);
      case INFO -> log.info("{}", diagnostic);
    }
  }
}
