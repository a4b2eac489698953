package dev.penstock.core.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Settings;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
  private static final long SECOND = 1_000_000_000L;

  private final RetryBudget budget = new RetryBudget(new Settings.Retries(20, 10, 100), 0);

  private int spend(long now) {
    int spent = 0;
    while (budget.take(now)) spent++;
    return spent;
  }

  @Test
  void beginsWithWhatASecondEarns() {
    assertThat(spend(0)).isEqualTo(10);
  }

  @Test
  void aFifthOfTheRequestsMayBeRetried() {
    spend(0);
    for (int i = 0; i < 50; i++) budget.onRequest();
    assertThat(spend(0)).isEqualTo(10);
  }

  @Test
  void tenASecondAreEarnedByTimeAndPartsOfOneAreNotLost() {
    spend(0);
    assertThat(spend(SECOND / 20)).isZero();
    assertThat(spend(SECOND / 10)).isEqualTo(1);
    assertThat(spend(SECOND)).isEqualTo(9);
  }

  @Test
  void noMoreThanTheBurstIsSavedUp() {
    for (int i = 0; i < 10_000; i++) budget.onRequest();
    assertThat(spend(1_000_000 * SECOND)).isEqualTo(100);
  }

  @Test
  void aBudgetOfNothingAllowsNothing() {
    RetryBudget none = new RetryBudget(new Settings.Retries(0, 0, 0), 0);
    none.onRequest();
    assertThat(none.take(SECOND)).isFalse();
  }
}
