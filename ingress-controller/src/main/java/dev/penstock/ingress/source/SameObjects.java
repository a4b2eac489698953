package dev.penstock.ingress.source;

import java.util.List;

/** Tells by identity what has not changed; a false no costs time only. */
public final class SameObjects {
  private SameObjects() {}

  /** Whether both lists hold the same instances in the same order. */
  @SuppressWarnings("ReferenceEquality")
  public static boolean in(List<?> first, List<?> second) {
    if (first.size() != second.size()) return false;
    for (int i = 0; i < first.size(); i++) {
      if (first.get(i) != second.get(i)) return false;
    }
    return true;
  }
}
