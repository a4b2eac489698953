package dev.penstock.core.router;

import dev.penstock.model.HostPattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Host name to value: the precise name, else the wildcard that takes exactly its first label, else
 * {@link HostPattern#ANY} (Kubernetes {@code networking/v1} IngressRule.host). A precise name wins
 * even where its value has nothing to say to the request, as a server block of ingress-nginx does.
 *
 * <p>Immutable; looked up by any thread.
 */
public final class HostTable<V> {
  /** RFC 1035, section 2.3.4, without the final dot; no longer name is anybody's. */
  private static final int NAME_BYTES_MAX = 253;

  private final KeyIndex index;
  private final List<HostPattern> hosts;
  private final Object[] values;

  private HostTable(KeyIndex index, List<HostPattern> hosts, List<V> values) {
    this.index = index;
    this.hosts = hosts;
    this.values = values.toArray();
  }

  /**
   * @param hosts no two are equal
   * @param values one for each host, in the same order
   */
  public static <V> HostTable<V> of(List<HostPattern> hosts, List<V> values) {
    List<KeyIndex.Key> keys = new ArrayList<>(hosts.size());
    for (int i = 0; i < hosts.size(); i++) keys.add(key(hosts.get(i), i));
    return new HostTable<>(new KeyIndex(keys, true), List.copyOf(hosts), values);
  }

  /** A table of other values; takes over what was built for the hosts if they are the same. */
  public <W> HostTable<W> with(List<HostPattern> newHosts, List<W> newValues) {
    return newHosts.equals(hosts)
        ? new HostTable<>(index, hosts, newValues)
        : of(newHosts, newValues);
  }

  /**
   * The value of the host that takes this name. Allocates nothing.
   *
   * @param bytes read only; the name as received, in any case, without a port, from {@code start}
   *     to before {@code end}; one dot at its end has no meaning; an empty or impossible name gets
   *     what {@link HostPattern#ANY} gets
   */
  public @Nullable V find(byte[] bytes, int start, int end) {
    int stop = end > start && bytes[end - 1] == '.' ? end - 1 : end;
    int number = stop - start > NAME_BYTES_MAX ? KeyIndex.NONE : named(bytes, start, stop);
    if (number == KeyIndex.NONE) number = number(bytes, start, start);
    return value(number);
  }

  private int named(byte[] bytes, int start, int end) {
    if (start == end || bytes[start] == '.') return KeyIndex.NONE;
    int precise = number(bytes, start, end);
    if (precise != KeyIndex.NONE) return precise;
    int dot = start;
    while (dot < end && bytes[dot] != '.') dot++;
    return dot == end ? KeyIndex.NONE : number(bytes, dot, end);
  }

  private int number(byte[] key, int start, int end) {
    return index.find(KeyIndex.hashIgnoringCase(key, start, end), key, start, end);
  }

  @SuppressWarnings("unchecked") // values come from List<V>
  private @Nullable V value(int number) {
    return number == KeyIndex.NONE ? null : (V) values[number];
  }

  /** A wildcard's key is its suffix, dot included: no name has an empty first label. */
  private static KeyIndex.Key key(HostPattern host, int number) {
    String text = host.isWildcard() ? host.suffix() : host.text();
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return new KeyIndex.Key(bytes, KeyIndex.hashIgnoringCase(bytes, 0, bytes.length), number);
  }
}
