package dev.penstock.ingress.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.ObjectKey;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Ten objects a to j are known; a list is told by those that it lacks. */
class ListTrustTest {
  private static final long LATER = ListTrust.SECOND_LIST_AFTER.toNanos();

  private final ListTrust trust = new ListTrust(false);

  private boolean isBelieved(long nowNanos, String missing) {
    Set<ObjectKey> keys =
        Arrays.stream(missing.split(""))
            .filter(name -> !name.isEmpty())
            .map(name -> new ObjectKey("shop", name))
            .collect(Collectors.toSet());
    return trust.judge(10, keys, 10 - keys.size(), false, nowNanos).isBelieved();
  }

  @Test
  void halfMayBeMissingAtOnce() {
    assertThat(isBelieved(0, "abcde")).isTrue();
    assertThat(isBelieved(0, "abcdef")).isFalse();
  }

  @Test
  void aSecondListMaySayTheSameOrThatMoreIsGone() {
    assertThat(isBelieved(0, "abcdef")).isFalse();
    assertThat(isBelieved(LATER - 1, "abcdef")).isFalse();
    assertThat(isBelieved(LATER, "abcdefgh")).isTrue();
    assertThat(isBelieved(LATER, "abcdef")).isFalse();
  }

  @Test
  void oneThatHasWhatWasMissingIsTheFirst() {
    assertThat(isBelieved(0, "abcdef")).isFalse();
    assertThat(isBelieved(LATER, "bcdefg")).isFalse();
    assertThat(isBelieved(2 * LATER - 1, "bcdefg")).isFalse();
    assertThat(isBelieved(2 * LATER, "bcdefg")).isTrue();
  }

  @Test
  void oneThatLacksMoreThanHalfOfWhatTheFirstHadIsTheFirst() {
    assertThat(isBelieved(0, "abcdef")).isFalse();
    assertThat(isBelieved(LATER, "abcdefghi")).isFalse();
    assertThat(isBelieved(2 * LATER, "abcdefghi")).isTrue();
  }

  @Test
  void oneThatLacksLittleEndsTheDoubt() {
    assertThat(isBelieved(0, "abcdef")).isFalse();
    assertThat(isBelieved(1, "")).isTrue();
    assertThat(isBelieved(LATER, "abcdef")).isFalse();
  }
}
