package dev.penstock.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;

class LeakExtensionTest {
  private final LeakExtension extension = new LeakExtension();
  @Nullable private ByteBuf lost;

  @Test
  void aLostBufferFailsTheClass() {
    extension.beforeAll(context());
    lost = PooledByteBufAllocator.DEFAULT.directBuffer(16).writeByte(1);
    lost = null;
    assertThatThrownBy(() -> extension.afterAll(context()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("1 leaked buffers")
        .hasMessageContaining("LeakExtensionTest");
  }

  @Test
  void aReleasedBufferDoesNot() {
    extension.beforeAll(context());
    lost = PooledByteBufAllocator.DEFAULT.directBuffer(16).writeByte(1);
    assertThat(lost.release()).isTrue();
    lost = null;
    extension.afterAll(context());
  }

  /** The extension does not look at its context. */
  @SuppressWarnings("NullAway")
  private static ExtensionContext context() {
    return null;
  }
}
