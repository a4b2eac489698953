package dev.penstock.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class after which a Netty buffer was never released. Use it as
 * {@code @ExtendWith(LeakExtension.class)}.
 *
 * <p>A leak shows only once the garbage collector has taken the buffer and the next buffer is made;
 * both are brought about after the class, which costs some 30 ms. Leak detection has to be {@code
 * paranoid} (the parent pom sets it for every test).
 */
public final class LeakExtension implements BeforeAllCallback, AfterAllCallback {
  /** The second round finds what the first one's finished references let go. */
  private static final int ROUNDS = 2;

  private static final Duration COLLECTION_PATIENCE = Duration.ofSeconds(5);

  @Override
  public void beforeAll(ExtensionContext context) {
    LeakReports.install();
    collect(); // leaks of earlier classes are not this one's
    LeakReports.take();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    collect();
    List<String> reports = LeakReports.take();
    if (!reports.isEmpty()) {
      throw new AssertionError(
          reports.size() + " leaked buffers:\n" + String.join("\n\n", reports));
    }
  }

  /** Returns when all buffers that nobody holds any more have been reported. */
  static void collect() {
    for (int round = 0; round < ROUNDS; round++) {
      awaitCollection();
      touch(PooledByteBufAllocator.DEFAULT.directBuffer(1));
      touch(PooledByteBufAllocator.DEFAULT.compositeBuffer());
      touch(UnpooledByteBufAllocator.DEFAULT.directBuffer(1));
    }
  }

  /** A detector looks for leaks when a buffer is made. */
  private static void touch(ByteBuf buffer) {
    buffer.release();
  }

  private static void awaitCollection() {
    ReferenceQueue<Object> queue = new ReferenceQueue<>();
    WeakReference<Object> canary = new WeakReference<>(new Object(), queue);
    Await.until(
        () -> "the garbage collector never took " + canary,
        COLLECTION_PATIENCE,
        () -> {
          System.gc();
          return queue.poll() != null;
        });
  }
}
