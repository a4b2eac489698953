package dev.penstock.ingress.source;

import dev.penstock.model.EndpointSet;
import dev.penstock.model.Publication;
import dev.penstock.model.Translation;
import dev.penstock.model.Upstream;
import java.util.List;
import java.util.Optional;

/** Objects to what is served. Pure: equal arguments give an equal answer. */
@FunctionalInterface
public interface Translator {
  /**
   * @param previous what is served now; {@link Publication#EMPTY} at the beginning. It is there for
   *     what must survive a bad change, such as the last good key pair of a half-rotated Secret
   */
  Translation<Publication> translate(ClusterView view, Publication previous);

  /**
   * The endpoints of what is served, from a view that differs in EndpointSlices alone from the one
   * that was translated to it. Equal to the endpoints of a whole translation, and far cheaper.
   *
   * @return empty when only a whole translation can tell
   */
  default Optional<Translation<List<EndpointSet>>> endpoints(
      ClusterView view, List<Upstream> upstreams) {
    return Optional.empty();
  }
}
