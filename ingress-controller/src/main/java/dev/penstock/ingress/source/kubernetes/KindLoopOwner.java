package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.source.ObjectKey;

/** Who is told by a {@link KindLoop}; on its thread. */
interface KindLoopOwner {
  /** Whether a refusal is no sign that the server forbids everything for the moment. */
  default boolean isForbiddingMeant(KindLoop<?> loop) {
    return true;
  }

  /**
   * A page was added to the objects of a list; the owner may give up some of {@link KindLoop#held}.
   */
  default void gathered() {}

  /** The watch told of this object. */
  default void told(KindLoop<?> loop, ObjectKey key) {}

  /** Other objects, or synced for the first time. */
  void changed(KindLoop<?> loop);

  /** It does not follow at the moment. */
  void failing(KindLoop<?> loop, String why);

  /** It follows. */
  void following(KindLoop<?> loop);
}
