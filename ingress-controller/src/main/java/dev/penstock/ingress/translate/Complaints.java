package dev.penstock.ingress.translate;

import dev.penstock.model.Diagnostic;
import dev.penstock.model.Diagnostic.Level;
import dev.penstock.model.Source;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes what is wrong, and keeps of each object the first {@link IngressTranslator#DIAGNOSTICS_MAX}
 * only: one Ingress has room for ten thousand faults, and their texts would be a hundred times as
 * large as itself.
 */
final class Complaints {
  private final List<Diagnostic> told = new ArrayList<>(0);

  /** By object, wherever in it the fault is. */
  private final Map<Source, Count> counts = new LinkedHashMap<>();

  private static final class Count {
    final Source source;
    int taken;
    Level worstLeftOut = Level.INFO;

    Count(Source source) {
      this.source = source;
    }

    boolean takes(Level level) {
      if (++taken <= IngressTranslator.DIAGNOSTICS_MAX) return true;
      if (level.compareTo(worstLeftOut) < 0) worstLeftOut = level;
      return false;
    }
  }

  void add(Diagnostic diagnostic) {
    if (takes(diagnostic.level(), diagnostic.source())) told.add(diagnostic);
  }

  void addAll(Collection<Diagnostic> diagnostics) {
    diagnostics.forEach(this::add);
  }

  /** Its text is made only if it is kept. */
  void add(Complaint complaint) {
    if (takes(complaint.level(), complaint.source())) told.add(complaint.diagnostic());
  }

  private boolean takes(Level level, Source source) {
    return counts.computeIfAbsent(source.at(0, 0), first -> new Count(source)).takes(level);
  }

  /** What is kept, in the order in which it came; then, of each object, how much is not. */
  List<Diagnostic> all() {
    List<Diagnostic> all = new ArrayList<>(told);
    for (Count count : counts.values()) {
      if (count.taken > IngressTranslator.DIAGNOSTICS_MAX) all.add(more(count));
    }
    return all;
  }

  /** As bad as the worst of them: nothing looks sound because it is too much. */
  private static Diagnostic more(Count count) {
    return new Diagnostic(
        count.worstLeftOut,
        Diagnostic.Reason.INVALID,
        count.source,
        "",
        "and "
            + (count.taken - IngressTranslator.DIAGNOSTICS_MAX)
            + " more that are not told one by one: correct the "
            + IngressTranslator.DIAGNOSTICS_MAX
            + " that are, and the next are told");
  }
}
