package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.source.ApiKind;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Source;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether the watched namespaces exist in which there is nothing: a list of one that does not is as
 * good, and as empty, as one of a new one. Each is asked for once, as long as it is empty. One
 * thread.
 */
final class EmptyNamespaces {
  private enum Existence {
    THERE,
    MISSING,
    /** The right to get it is missing, or no answer came. */
    UNKNOWN
  }

  private static final int NOT_FOUND = 404;

  private final Machinery machinery;
  private final Runnable onAnswer;
  private final Map<String, Existence> known = new HashMap<>();
  private final Set<String> asked = new HashSet<>();

  /**
   * @param onAnswer runs when more is known
   */
  EmptyNamespaces(Machinery machinery, Runnable onAnswer) {
    this.machinery = machinery;
    this.onAnswer = onAnswer;
  }

  /**
   * Asks where nothing is known.
   *
   * @param names of those in which there is nothing now
   * @return whether no answer is due any more
   */
  boolean lookAt(Set<String> names) {
    known.keySet().retainAll(names);
    for (String name : names) {
      if (known.containsKey(name) || !asked.add(name)) continue;
      ApiRequest.get(
          machinery, ApiKind.NAMESPACE.path("") + "/" + name, answer -> answered(name, answer));
    }
    return asked.isEmpty();
  }

  private void answered(String name, ApiRequest.Answer answer) {
    asked.remove(name);
    Existence existence = answer.isGood() ? Existence.THERE : Existence.UNKNOWN;
    if (answer.fault().isEmpty() && answer.status() == NOT_FOUND) existence = Existence.MISSING;
    known.put(name, existence);
    onAnswer.run();
  }

  /** Of those that are empty and not known to exist. */
  List<Diagnostic> diagnostics() {
    return new TreeSet<>(known.keySet())
        .stream()
            .filter(name -> known.get(name) != Existence.THERE)
            .map(name ->
                Diagnostic.warning(
                    Source.of("Namespace", "", name),
                    "",
                    known.get(name) == Existence.MISSING
                        ? "did not exist when it was looked for: is it spelt as it should be? What is"
                            + " created in it is served at once"
                        : "there is no Ingress, no Service and no EndpointSlice in it: does it exist?"
                            + " With the right to get it, this would be known. What is created there"
                            + " is served at once"))
            .toList();
  }
}
