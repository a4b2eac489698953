package dev.penstock.core.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BufferBudgetTest {
  private static final int KIB = 1024;
  private static final long MIB = 1024 * KIB;
  private static final long MAX = 256 * MIB;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private long reserved;
  private long held;
  private int measured;
  private final BufferBudget budget =
      new BufferBudget(
          MAX,
          () -> reserved,
          () -> {
            measured++;
            return held;
          });

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 64", "64, 64", "65, 32", "80, 32", "96, 32", "97, 16", "112, 16", "120, 8", "124, 4",
    "126, 2", "128, 2", "200, 2", "256, 2"
  })
  void theMoreIsHeldTheLessOneReadingBrings(int heldMib, int pieceKib) {
    hold(heldMib * MIB);

    assertThat(budget.piece()).isEqualTo(pieceKib * KIB);
    budget.bound(channel.config());
    WriteBufferWaterMark mark = channel.config().getWriteBufferWaterMark();
    assertThat(mark.high()).isEqualTo(pieceKib * KIB * 5 / 4);
    assertThat(mark.low()).isEqualTo(pieceKib * KIB / 2);
  }

  @Test
  void whatIsReservedAndNotHeldTakesNothingAway() {
    reserved = MAX;

    assertThat(budget.piece()).isEqualTo(64 * KIB);
    assertThat(budget.excessBytes()).isZero();
  }

  @Test
  void nothingIsMeasuredWhileLittleIsReserved() {
    reserved = MAX / 4;
    held = MAX;

    for (int i = 0; i < 1_000; i++) budget.piece();

    assertThat(budget.excessBytes()).isZero();
    assertThat(measured).isZero();
  }

  @Test
  void oneOfSixteenReadingsMeasures() {
    hold(100 * MIB);

    for (int i = 0; i < 160; i++) budget.piece();

    assertThat(measured).isEqualTo(10);
  }

  @Test
  void piecesAreWholeAgainAsSoonAsThereIsPlenty() {
    hold(200 * MIB);
    budget.piece();

    reserved = MAX / 4;

    assertThat(budget.piece()).isEqualTo(64 * KIB);
  }

  @Test
  void whatIsHeldBeyondThreeQuartersIsTooMuch() {
    hold(MAX / 4 * 3);
    assertThat(budget.excessBytes()).isZero();

    hold(MAX / 4 * 3 + 1);
    assertThat(budget.excessBytes()).isEqualTo(1);
  }

  @Test
  @SuppressWarnings("deprecation") // Netty has no other name for a handle yet
  void aBufferToReadIntoIsNoLargerThanThePiece() {
    RecvByteBufAllocator.Handle reading = budget.reads().newHandle();
    for (int i = 0; i < 10; i++) {
      reading.reset(channel.config());
      int size = reading.guess();
      reading.attemptedBytesRead(size);
      reading.lastBytesRead(size);
      reading.readComplete();
    }
    assertThat(reading.guess()).isEqualTo(64 * KIB);

    hold(124 * MIB);

    ByteBuf buffer = reading.allocate(UnpooledByteBufAllocator.DEFAULT);
    assertThat(buffer.capacity()).isEqualTo(4 * KIB);
    buffer.release();
  }

  private void hold(long bytes) {
    held = bytes;
    reserved = MAX;
  }
}
