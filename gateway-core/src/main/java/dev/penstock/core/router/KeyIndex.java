package dev.penstock.core.router;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Finds byte strings among a fixed set, without allocating.
 *
 * <p>Keys are kept sorted by their unsigned hash and, within one hash, by their bytes; the upper
 * bits of a hash name the run of keys (the bucket) in which a binary search ends. So a look-up
 * costs one or two comparisons, and whoever makes keys collide on purpose gets a binary search over
 * all n of them, 1 + log2(n) comparisons, and never more: no secret seed is needed, and equal input
 * gives an equal index.
 *
 * <p>Everything but the key bytes lies in one array, because a look-up among many hosts is paid in
 * cache misses. Not final only so that a test can count the look-ups.
 */
class KeyIndex {
  /**
   * @param bytes shared, must not change
   * @param hash of these bytes, by {@link #step} and {@link #finish} in any order of the bytes that
   *     the look-ups use as well
   * @param number what a look-up answers; 0 or more
   */
  record Key(byte[] bytes, int hash, int number) {
    private boolean equalsKey(Key other) {
      return hash == other.hash && Arrays.equals(bytes, other.bytes);
    }
  }

  static final int NONE = -1;
  static final long SEED = 0x6a09e667f3bcc909L;
  private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LOWER_CASE_BITS = 0x2020202020202020L;

  /** Per key: its hash, where its bytes start in {@link #text}, its number. */
  private static final int CELLS_PER_KEY = 3;

  private static final Comparator<Key> ORDER =
      (a, b) -> {
        int byHash = Integer.compareUnsigned(a.hash, b.hash);
        return byHash != 0 ? byHash : Arrays.compareUnsigned(a.bytes, b.bytes);
      };

  private final boolean ignoreCase;
  private final int shift;
  private final int buckets;
  private final int keys;

  /** First the number of the first key of each bucket, then the keys, then where text ends. */
  private final int[] cells;

  private final byte[] text;

  /**
   * @param keys where two have the same hash and bytes, the first counts
   * @param ignoreCase looked-up bytes are lower-cased (ASCII) before they are compared; keys must
   *     be in lower case
   */
  KeyIndex(List<Key> keys, boolean ignoreCase) {
    this(written(sorted(keys)), ignoreCase);
  }

  private KeyIndex(Writer written, boolean ignoreCase) {
    this.ignoreCase = ignoreCase;
    this.shift = written.shift;
    this.buckets = written.buckets;
    this.keys = written.count;
    this.cells = written.cells;
    this.text = written.text;
  }

  private static List<Key> sorted(List<Key> keys) {
    List<Key> sorted = new ArrayList<>(keys);
    sorted.sort(ORDER);
    List<Key> distinct = new ArrayList<>(sorted.size());
    for (Key key : sorted) {
      if (distinct.isEmpty() || !key.equalsKey(distinct.getLast())) distinct.add(key);
    }
    return distinct;
  }

  private static Writer written(List<Key> sorted) {
    Writer writer = new Writer(sorted.size(), textBytes(sorted));
    for (Key key : sorted) writer.add(key);
    return writer.end();
  }

  private static int textBytes(List<Key> keys) {
    int bytes = 0;
    for (Key key : keys) bytes += key.bytes.length;
    return bytes;
  }

  /**
   * This index without some of its keys and with others, as if it had been made of them. Copies
   * what stays and hashes, sorts and allocates only what changes: among 10,000 keys some twenty
   * times cheaper than making it anew.
   *
   * @param removed keys of this index; their numbers do not matter
   * @param added not in this index, unless they are removed as well; no two are the same
   */
  KeyIndex with(List<Key> removed, List<Key> added) {
    List<Key> without = sorted(removed);
    List<Key> more = sorted(added);
    int count = keys - without.size() + more.size();
    Writer writer = new Writer(count, text.length - textBytes(without) + textBytes(more));
    int nextWithout = 0;
    int nextMore = 0;
    for (int i = 0; i < keys; i++) {
      int cell = cell(i);
      if (nextWithout < without.size() && order(cell, without.get(nextWithout)) == 0) {
        nextWithout++;
        continue;
      }
      while (nextMore < more.size() && order(cell, more.get(nextMore)) > 0) {
        writer.add(more.get(nextMore++));
      }
      int start = cells[cell + 1];
      writer.add(
          cells[cell], text, start, cells[cell + 1 + CELLS_PER_KEY] - start, cells[cell + 2]);
    }
    while (nextMore < more.size()) writer.add(more.get(nextMore++));
    return new KeyIndex(writer.end(), ignoreCase);
  }

  private int order(int cell, Key key) {
    int byHash = Integer.compareUnsigned(cells[cell], key.hash);
    if (byHash != 0) return byHash;
    int end = cells[cell + 1 + CELLS_PER_KEY];
    return Arrays.compareUnsigned(text, cells[cell + 1], end, key.bytes, 0, key.bytes.length);
  }

  /** Fills the arrays of an index, key by key in their order. */
  private static final class Writer {
    final int shift;
    final int buckets;
    final int[] cells;
    final byte[] text;
    int count;
    private int bucket;
    private int textEnd;

    Writer(int keys, int textBytes) {
      int bits = Math.max(1, 32 - Integer.numberOfLeadingZeros(Math.max(0, keys - 1)));
      shift = 32 - bits;
      buckets = 1 << bits;
      cells = new int[buckets + 1 + keys * CELLS_PER_KEY + 2];
      text = new byte[textBytes];
    }

    void add(Key key) {
      add(key.hash, key.bytes, 0, key.bytes.length, key.number);
    }

    void add(int hash, byte[] bytes, int start, int length, int number) {
      while (bucket <= hash >>> shift) cells[bucket++] = count;
      int cell = buckets + 1 + count * CELLS_PER_KEY;
      cells[cell] = hash;
      cells[cell + 1] = textEnd;
      cells[cell + 2] = number;
      System.arraycopy(bytes, start, text, textEnd, length);
      textEnd += length;
      count++;
    }

    Writer end() {
      while (bucket <= buckets) cells[bucket++] = count;
      cells[buckets + 1 + count * CELLS_PER_KEY + 1] = textEnd;
      return this;
    }
  }

  /** The hash after one more byte. */
  static long step(long hash, long next) {
    return (hash ^ next) * MULTIPLIER;
  }

  /** What {@link #find} takes; the hash itself can be stepped further. */
  static int finish(long hash) {
    return (int) ((hash ^ hash >>> 32) * MULTIPLIER >>> 32);
  }

  /**
   * Of host names: equal for names that differ only in the case of letters (setting that bit makes
   * a few other bytes alike too, which costs at most a comparison). Eight bytes a step.
   */
  static int hashIgnoringCase(byte[] bytes, int start, int end) {
    long hash = SEED ^ end - start;
    int i = start;
    for (; i + Long.BYTES <= end; i += Long.BYTES) {
      hash = step(hash, (long) WORD.get(bytes, i) | LOWER_CASE_BITS);
      hash ^= hash >>> 32;
    }
    for (; i < end; i++) hash = step(hash, bytes[i] | 0x20);
    return finish(hash);
  }

  private static byte lower(byte b) {
    return b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
  }

  /** The number of the key that equals these bytes, or {@link #NONE}. */
  int find(int hash, byte[] bytes, int start, int end) {
    int bucket = hash >>> shift;
    int low = cells[bucket];
    int high = cells[bucket + 1] - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int cell = cell(middle);
      int order = Integer.compareUnsigned(cells[cell], hash);
      if (order == 0) order = compareText(cell, bytes, start, end);
      if (order == 0) return cells[cell + 2];
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return NONE;
  }

  /** Comparisons that the worst look-up can cost. */
  int comparisonsMax() {
    int largest = 0;
    for (int i = 0; i < buckets; i++) largest = Math.max(largest, cells[i + 1] - cells[i]);
    return 32 - Integer.numberOfLeadingZeros(largest);
  }

  private int cell(int key) {
    return buckets + 1 + key * CELLS_PER_KEY;
  }

  private int compareText(int cell, byte[] bytes, int start, int end) {
    int textStart = cells[cell + 1];
    int textEnd = cells[cell + 1 + CELLS_PER_KEY];
    if (!ignoreCase) return Arrays.compareUnsigned(text, textStart, textEnd, bytes, start, end);
    if (Arrays.equals(text, textStart, textEnd, bytes, start, end)) return 0;
    int length = Math.min(textEnd - textStart, end - start);
    for (int i = 0; i < length; i++) {
      int order = Byte.compareUnsigned(text[textStart + i], lower(bytes[start + i]));
      if (order != 0) return order;
    }
    return textEnd - textStart - (end - start);
  }
}
