package dev.penstock.ingress.source;

import dev.penstock.model.Publication;
import dev.penstock.model.Translation;

/** Objects to what is served. Pure: equal arguments give an equal answer. */
@FunctionalInterface
public interface Translator {
  /**
   * @param previous what is served now; {@link Publication#EMPTY} at the beginning. It is there for
   *     what must survive a bad change, such as the last good key pair of a half-rotated Secret
   */
  Translation<Publication> translate(ClusterView view, Publication previous);
}
