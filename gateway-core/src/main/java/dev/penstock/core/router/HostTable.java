package dev.penstock.core.router;

import dev.penstock.model.HostPattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  /** For each host its number in {@link #index}; it stays the same from table to table. */
  private final int[] numbers;

  /** By number; null where a host has left. */
  private final @Nullable Object[] values;

  private HostTable(KeyIndex index, List<HostPattern> hosts, int[] numbers, List<V> values) {
    this.index = index;
    this.hosts = hosts;
    this.numbers = numbers;
    int numbersMax = -1;
    for (int number : numbers) numbersMax = Math.max(numbersMax, number);
    this.values = new @Nullable Object[numbersMax + 1];
    for (int i = 0; i < numbers.length; i++) this.values[numbers[i]] = values.get(i);
  }

  /**
   * @param hosts no two are equal
   * @param values one for each host, in the same order
   */
  public static <V> HostTable<V> of(List<HostPattern> hosts, List<V> values) {
    List<KeyIndex.Key> keys = new ArrayList<>(hosts.size());
    int[] numbers = new int[hosts.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i;
      keys.add(key(hosts.get(i), i));
    }
    return new HostTable<>(new KeyIndex(keys, true), List.copyOf(hosts), numbers, values);
  }

  /**
   * A table of other values; takes over what was built for hosts that stay. Cheapest where hosts
   * that stay come in the same order as before.
   */
  public <W> HostTable<W> with(List<HostPattern> newHosts, List<W> newValues) {
    int shorter = Math.min(hosts.size(), newHosts.size());
    int prefix = 0;
    while (prefix < shorter && hosts.get(prefix).equals(newHosts.get(prefix))) prefix++;
    if (prefix == hosts.size() && prefix == newHosts.size()) {
      return new HostTable<>(index, hosts, numbers, newValues);
    }
    int suffix = 0;
    while (suffix < shorter - prefix && sameFromEnd(newHosts, suffix)) suffix++;
    return changed(newHosts, newValues, prefix, suffix);
  }

  private boolean sameFromEnd(List<HostPattern> newHosts, int suffix) {
    HostPattern before = hosts.get(hosts.size() - 1 - suffix);
    return before.equals(newHosts.get(newHosts.size() - 1 - suffix));
  }

  /** The hosts between {@code prefix} and {@code suffix} may be others than before. */
  private <W> HostTable<W> changed(
      List<HostPattern> newHosts, List<W> newValues, int prefix, int suffix) {
    Map<HostPattern, Integer> gone = new HashMap<>();
    for (int i = prefix; i < hosts.size() - suffix; i++) gone.put(hosts.get(i), numbers[i]);
    BitSet used = new BitSet();
    int[] newNumbers = new int[newHosts.size()];
    Arrays.fill(newNumbers, KeyIndex.NONE);
    for (int i = 0; i < newNumbers.length; i++) {
      boolean before = i < prefix;
      boolean behind = i >= newNumbers.length - suffix;
      if (before) newNumbers[i] = numbers[i];
      else if (behind) newNumbers[i] = numbers[i - newNumbers.length + numbers.length];
      else newNumbers[i] = numberOf(gone.remove(newHosts.get(i)));
      if (newNumbers[i] != KeyIndex.NONE) used.set(newNumbers[i]);
    }
    List<KeyIndex.Key> removed = new ArrayList<>();
    gone.forEach((host, number) -> removed.add(key(host, number)));
    List<KeyIndex.Key> added = new ArrayList<>();
    for (int i = prefix; i < newNumbers.length - suffix; i++) {
      if (newNumbers[i] != KeyIndex.NONE) continue;
      newNumbers[i] = used.nextClearBit(0);
      used.set(newNumbers[i]);
      added.add(key(newHosts.get(i), newNumbers[i]));
    }
    return new HostTable<>(
        index.with(removed, added), List.copyOf(newHosts), newNumbers, newValues);
  }

  private static int numberOf(@Nullable Integer number) {
    return number == null ? KeyIndex.NONE : number;
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
