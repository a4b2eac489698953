package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.IngressObject;
import dev.penstock.ingress.source.ObjectKey;
import java.time.Instant;

/**
 * Who claims a host, a path or a certificate. The oldest Ingress wins, as in ingress-nginx; at the
 * same age the first by namespace and name, so that equal input gives an equal configuration.
 */
record Author(Instant created, ObjectKey key) implements Comparable<Author> {
  static Author of(IngressObject ingress) {
    return new Author(ingress.created(), ingress.key());
  }

  @Override
  public int compareTo(Author other) {
    int byAge = created.compareTo(other.created);
    return byAge != 0 ? byAge : key.compareTo(other.key);
  }

  /** Why this one goes before another, for a message. */
  String reasonBefore(Author other) {
    return created.equals(other.created) ? "comes first by name" : "is older";
  }
}
