package dev.penstock.core.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyIndexTest {
  @Test
  void keysOfManyHashesAreFoundWithFewComparisons() {
    List<KeyIndex.Key> keys = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) keys.add(key("host-" + i + ".example.com", i));
    KeyIndex index = new KeyIndex(keys, false);
    assertAllFound(index, keys);
    assertThat(index.comparisonsMax()).isLessThanOrEqualTo(4);
    assertThat(find(index, key("host-10000.example.com", 0))).isEqualTo(KeyIndex.NONE);
  }

  @Test
  void keysThatCollideOnPurposeCostTheLogarithmOfTheirNumber() {
    List<KeyIndex.Key> keys = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) keys.add(new KeyIndex.Key(bytes("key" + i), 0xdead, i));
    KeyIndex index = new KeyIndex(keys, false);
    assertAllFound(index, keys);
    assertThat(index.comparisonsMax()).isEqualTo(14);
    assertThat(find(index, new KeyIndex.Key(bytes("key"), 0xdead, 0))).isEqualTo(KeyIndex.NONE);
  }

  @Test
  void ofEqualKeysTheFirstCounts() {
    KeyIndex index = new KeyIndex(List.of(key("a", 7), key("b", 8), key("a", 9)), false);
    assertThat(find(index, key("a", 0))).isEqualTo(7);
  }

  @Test
  void anEmptyIndexFindsNothing() {
    assertThat(find(new KeyIndex(List.of(), false), key("a", 0))).isEqualTo(KeyIndex.NONE);
  }

  @Test
  void theEmptyKeyIsAKey() {
    assertThat(find(new KeyIndex(List.of(key("", 3)), true), key("", 0))).isEqualTo(3);
  }

  @Test
  void hashesWithTheHighestBitSortAsUnsigned() {
    List<KeyIndex.Key> keys =
        List.of(
            new KeyIndex.Key(bytes("a"), Integer.MIN_VALUE, 1),
            new KeyIndex.Key(bytes("b"), -1, 2),
            new KeyIndex.Key(bytes("c"), 0, 3),
            new KeyIndex.Key(bytes("d"), Integer.MAX_VALUE, 4));
    assertAllFound(new KeyIndex(keys, false), keys);
  }

  @Test
  void anIndexWithChangedKeysIsTheOneThatIsMadeOfThem() {
    List<KeyIndex.Key> before = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) before.add(key("host-" + i, i));
    before.add(new KeyIndex.Key(bytes("b"), 7, 2_000));
    before.add(new KeyIndex.Key(bytes("d"), 7, 2_001));
    List<KeyIndex.Key> removed =
        List.of(key("host-0", 0), key("host-500", 0), new KeyIndex.Key(bytes("d"), 7, 0));
    List<KeyIndex.Key> added =
        List.of(
            key("host-500", 3_000), // leaves and comes again with another number
            key("new", 3_001),
            key("", 3_002),
            new KeyIndex.Key(bytes("a"), 7, 3_003),
            new KeyIndex.Key(bytes("c"), 7, 3_004));
    KeyIndex changed = new KeyIndex(before, false).with(removed, added);

    List<KeyIndex.Key> all = new ArrayList<>(before);
    all.removeIf(
        key -> removed.stream().anyMatch(gone -> Arrays.equals(gone.bytes(), key.bytes())));
    all.addAll(added);
    assertAllFound(changed, all);
    assertThat(find(changed, key("host-0", 0))).isEqualTo(KeyIndex.NONE);
    assertThat(find(changed, new KeyIndex.Key(bytes("d"), 7, 0))).isEqualTo(KeyIndex.NONE);
    assertThat(changed.comparisonsMax()).isEqualTo(new KeyIndex(all, false).comparisonsMax());
  }

  @Test
  void anIndexCanLoseItsLastKeyAndGetItsFirst() {
    List<KeyIndex.Key> one = List.of(key("a", 1));
    KeyIndex none = new KeyIndex(one, false).with(one, List.of());
    assertThat(find(none, key("a", 0))).isEqualTo(KeyIndex.NONE);
    assertAllFound(none.with(List.of(), one), one);
  }

  private static void assertAllFound(KeyIndex index, List<KeyIndex.Key> keys) {
    for (KeyIndex.Key key : keys) assertThat(find(index, key)).isEqualTo(key.number());
  }

  private static int find(KeyIndex index, KeyIndex.Key key) {
    return index.find(key.hash(), key.bytes(), 0, key.bytes().length);
  }

  private static KeyIndex.Key key(String text, int number) {
    long hash = KeyIndex.SEED;
    for (byte next : bytes(text)) hash = KeyIndex.step(hash, next);
    return new KeyIndex.Key(bytes(text), KeyIndex.finish(hash), number);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
