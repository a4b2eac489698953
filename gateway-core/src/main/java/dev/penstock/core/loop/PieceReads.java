package dev.penstock.core.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/** Netty's guess of how much there is to read, within what the budget allows. */
@SuppressWarnings("deprecation") // Netty has no other name for a handle yet
final class PieceReads implements RecvByteBufAllocator {
  private final AdaptiveRecvByteBufAllocator guesses = new AdaptiveRecvByteBufAllocator();
  private final BufferBudget budget;

  PieceReads(BufferBudget budget) {
    this.budget = budget;
  }

  @Override
  public Handle newHandle() {
    return new Bounded((ExtendedHandle) guesses.newHandle());
  }

  private final class Bounded extends DelegatingHandle implements ExtendedHandle {
    private final ExtendedHandle guess;

    Bounded(ExtendedHandle guess) {
      super(guess);
      this.guess = guess;
    }

    @Override
    public int guess() {
      return Math.min(guess.guess(), budget.piece());
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      return allocator.ioBuffer(guess());
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return guess.continueReading(maybeMore);
    }
  }
}
