package dev.penstock.core.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ExchangeRecordTest {
  @Test
  void nothingOfAnExchangeIsLeftForTheNext() {
    ExchangeRecord record = Samples.full();
    record.reset();
    record.startEpochMillis = Samples.START_EPOCH_MILLIS;
    assertThat(LogLines.json(record)).isEqualTo(LogLines.json(Samples.bare()));
    assertThat(record.fields).isNull();
    Attempt again = record.beginAttempt("10.0.0.9:1", 5);
    assertThat(again.status).isZero();
    assertThat(again.endNanos).isEqualTo(ExchangeRecord.UNSET);
  }

  @Test
  void triesBeyondTheTenthUseTheLastPlace() {
    ExchangeRecord record = Samples.bare();
    for (int i = 1; i <= 12; i++) record.beginAttempt("e" + i, i).status = 500 + i;
    assertThat(LogLines.text("$upstream_addr", record))
        .isEqualTo("e1, e2, e3, e4, e5, e6, e7, e8, e9, e12");
    assertThatThrownBy(() -> record.attempt(10)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void aRetryAllocatesNothingOnceItsPlaceExists() {
    ExchangeRecord record = Samples.full();
    Runnable exchange =
        () -> {
          record.reset();
          record.beginAttempt("a", 1);
          record.beginAttempt("b", 2);
        };
    assertThat(Samples.allocatedBytes(exchange)).isZero();
  }
}
