package dev.penstock.ingress.source;

import dev.penstock.model.Diagnostic;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private Map<String, Diagnostic> standing = Map.of();

  DiagnosticLog(Logger log) {
    this.log = log;
  }

  void update(List<Diagnostic> diagnostics) {
    Map<String, Diagnostic> now = new LinkedHashMap<>();
    for (Diagnostic diagnostic : diagnostics) now.putIfAbsent(diagnostic.toString(), diagnostic);
    Set<String> appeared = new HashSet<>(now.keySet());
    appeared.removeAll(standing.keySet());
    int lines = 0;
    for (Map.Entry<String, Diagnostic> entry : now.entrySet()) {
      if (appeared.contains(entry.getKey()) && lines++ < LINES_MAX) {
        write(entry.getValue().level(), entry.getKey());
      }
    }
    if (lines > LINES_MAX)
      log.warn("{} more diagnostics; `penstock check` lists all", lines - LINES_MAX);
    lines = 0;
    for (Map.Entry<String, Diagnostic> entry : standing.entrySet()) {
      boolean resolved =
          !now.containsKey(entry.getKey()) && entry.getValue().level() != Diagnostic.Level.INFO;
      if (resolved && lines++ < LINES_MAX) log.info("no longer: {}", entry.getKey());
    }
    standing = now;
  }

  private void write(Diagnostic.Level level, String text) {
    switch (level) {
      case ERROR -> log.error("{}", text);
      case WARNING -> log.warn("{}", text);
      case INFO -> log.info("{}", text);
    }
  }
}
