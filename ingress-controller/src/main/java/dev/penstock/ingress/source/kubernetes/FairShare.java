package dev.penstock.ingress.source.kubernetes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Who has a place where there are fewer places than asked for: one of each namespace in turn, so
 * that nobody who asks for many takes those of others.
 */
final class FairShare {
  private FairShare() {}

  /**
   * @param wanted the ones that matter most first; of one namespace, and of one turn, the earlier
   *     goes before the later
   * @param placesMax how many are chosen at most
   */
  static <T> List<T> of(List<T> wanted, Function<T, String> namespace, int placesMax) {
    if (wanted.size() <= placesMax) return wanted;
    Map<String, Integer> asked = new HashMap<>();
    List<List<T>> turns = new ArrayList<>();
    for (T each : wanted) {
      int turn = asked.merge(namespace.apply(each), 1, Integer::sum) - 1;
      if (turn == turns.size()) turns.add(new ArrayList<>());
      turns.get(turn).add(each);
    }
    return turns.stream().flatMap(List::stream).limit(placesMax).toList();
  }
}
