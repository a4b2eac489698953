package dev.penstock.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  private static Map<String, Integer> numbers(int count) {
    Map<String, Integer> numbers = new HashMap<>();
    for (int i = 0; i < count; i++) numbers.put("n" + i, i);
    return numbers;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16, 17, 100})
  void whatIsCopiedMayChange(int count) {
    Map<String, Integer> map = numbers(count);
    Map<String, Integer> frozen = FrozenMap.copyOf(map);
    map.put("other", 1);

    assertThat(frozen).isEqualTo(numbers(count)).hasSameHashCodeAs(numbers(count)).hasSize(count);
    assertThat(frozen.containsKey("other")).isFalse();
    assertThat(frozen.keySet()).isEqualTo(numbers(count).keySet());
    assertThat(frozen.values()).containsExactlyInAnyOrderElementsOf(numbers(count).values());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 17})
  void itIsNotChanged(int count) {
    Map<String, Integer> frozen = FrozenMap.copyOf(numbers(count));

    for (ThrowingCallable change :
        List.<ThrowingCallable>of(
            () -> frozen.put("b", 2),
            frozen::clear,
            () -> frozen.values().remove(0),
            () -> frozen.keySet().remove("n0"),
            () -> frozen.entrySet().iterator().next().setValue(2))) {
      assertThatThrownBy(change).isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 17})
  void aCopyOfACopyIsTheSame(int count) {
    Map<String, Integer> frozen = FrozenMap.copyOf(numbers(count));

    assertThat(FrozenMap.copyOf(frozen)).isSameAs(frozen);
  }

  @Test
  void anEmptyOneIsAlwaysTheSame() {
    assertThat(FrozenMap.copyOf(numbers(0))).isSameAs(FrozenMap.copyOf(numbers(0)));
  }
}
