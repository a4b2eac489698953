package dev.penstock.ingress.source;

import org.jspecify.annotations.Nullable;

/** Names an object of one kind; {@code namespace} is empty for cluster-scoped kinds. */
public record ObjectKey(String namespace, String name) implements Comparable<ObjectKey> {
  /** Whether a text can be the name of an object (RFC 1123 subdomain). */
  public static boolean isName(String text) {
    return Metadata.isName(text);
  }

  // Written out, because what the compiler writes is put together at the first call, which comes at
  // each start.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ObjectKey key
        && name.equals(key.name)
        && namespace.equals(key.namespace);
  }

  @Override
  public int hashCode() {
    return 31 * namespace.hashCode() + name.hashCode();
  }

  @Override
  public int compareTo(ObjectKey other) {
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
