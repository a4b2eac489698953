package dev.penstock.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrozenMapTest {
  private static final int MANY = 4_000;

  private int comparisons;

  /** One of many that have the same hash. */
  private final class Name implements Comparable<Name> {
    final int number;

    Name(int number) {
      this.number = number;
    }

    @Override
    public int hashCode() {
      return 7;
    }

    @Override
    public boolean equals(Object other) {
      comparisons++;
      return other instanceof Name name && number == name.number;
    }

    @Override
    public int compareTo(Name other) {
      comparisons++;
      return Integer.compare(number, other.number);
    }
  }

  @Test
  void namesOfOneHashAreFoundByFewComparisons() {
    Map<Name, Integer> names = new HashMap<>();
    for (int i = 0; i < MANY; i++) names.put(new Name(i), i);
    comparisons = 0;
    Map<Name, Integer> frozen = FrozenMap.copyOf(names);
    for (int i = 0; i < MANY; i++) assertThat(frozen.get(new Name(i))).isEqualTo(i);

    assertThat(comparisons).isLessThan(MANY * 100);
  }

  @Test
  void whatIsCopiedMayChange() {
    Map<String, Integer> map = new HashMap<>(Map.of("a", 1));
    Map<String, Integer> frozen = FrozenMap.copyOf(map);
    map.put("b", 2);

    assertThat(frozen).isEqualTo(Map.of("a", 1)).hasSameHashCodeAs(Map.of("a", 1));
    assertThat(frozen.containsKey("b")).isFalse();
    assertThat(frozen.keySet()).containsExactly("a");
    assertThat(frozen.values()).containsExactly(1);
  }

  @Test
  void itIsNotChanged() {
    Map<String, Integer> frozen = FrozenMap.copyOf(new HashMap<>(Map.of("a", 1)));

    assertThatThrownBy(() -> frozen.put("b", 2)).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(frozen::clear).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> frozen.values().remove(1))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> frozen.entrySet().iterator().next().setValue(2))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void aCopyOfACopyIsTheSame() {
    Map<String, Integer> frozen = FrozenMap.copyOf(Map.of("a", 1));

    assertThat(FrozenMap.copyOf(frozen)).isSameAs(frozen);
    Map<String, Integer> none = Map.of();
    assertThat(FrozenMap.copyOf(none)).isSameAs(FrozenMap.copyOf(new HashMap<>(none)));
  }
}
