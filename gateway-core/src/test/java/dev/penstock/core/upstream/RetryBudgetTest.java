package dev.penstock.core.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Settings;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
  private static final long SECOND = 1_000_000_000L;

  private static final Settings.Retries SETTINGS = new Settings.Retries(20, 10, 100);

  private final RetryBudget budget = new RetryBudget(SETTINGS, 0);

  private int spend(long now) {
    int spent = 0;
    while (budget.take(SETTINGS, now)) spent++;
    return spent;
  }

  @Test
  void beginsWithWhatASecondEarns() {
    assertThat(spend(0)).isEqualTo(10);
  }

  @Test
  void aFifthOfTheRequestsMayBeRetried() {
    spend(0);
    for (int i = 0; i < 50; i++) budget.onRequest(SETTINGS);
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
    for (int i = 0; i < 10_000; i++) budget.onRequest(SETTINGS);
    assertThat(spend(1_000_000 * SECOND)).isEqualTo(100);
  }

  @Test
  void aBudgetOfNothingAllowsNothing() {
    Settings.Retries nothing = new Settings.Retries(0, 0, 0);
    RetryBudget none = new RetryBudget(nothing, 0);
    none.onRequest(nothing);
    assertThat(none.take(nothing, SECOND)).isFalse();
  }

  @Test
  void otherSettingsHoldFromTheNextCallOn() {
    spend(0);
    Settings.Retries generous = new Settings.Retries(100, 0, 2);
    for (int i = 0; i < 10; i++) budget.onRequest(generous);
    assertThat(spend(0)).isEqualTo(2);
  }
}
