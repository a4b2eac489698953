package dev.penstock.ingress.source;

import dev.penstock.model.Diagnostic;
import dev.penstock.model.Translation;

/** Hears what a source reads. Called on the source's own thread, one call at a time. */
public interface SourceListener {
  /**
   * All objects, and everything that is wrong with what was read. Ends an outage, and may then hold
   * the same as before.
   */
  void onView(Translation<ClusterView> view);

  /**
   * The source as a whole cannot be read, or is implausibly empty: nothing is known to have
   * changed, and the last view stands. Told once for each reason.
   */
  void onOutage(Diagnostic why);
}
