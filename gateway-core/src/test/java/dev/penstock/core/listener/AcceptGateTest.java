package dev.penstock.core.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.core.loop.Loop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AcceptGateTest {
  private final ConnectionBound bound = new ConnectionBound(3);
  private final EmbeddedChannel socket = new EmbeddedChannel();

  AcceptGateTest() {
    socket.freezeTime();
    socket
        .pipeline()
        .addLast(new AcceptGate(new Loop(socket.eventLoop(), 0, System::nanoTime), bound));
  }

  private boolean accepts() {
    socket.runPendingTasks();
    return socket.config().isAutoRead();
  }

  private EmbeddedChannel accepted() {
    EmbeddedChannel child = new EmbeddedChannel();
    socket.writeInbound(child);
    return child;
  }

  @Test
  void withoutDescriptorsAcceptingPausesForASecondAndIsCountedOnce() {
    for (int i = 0; i < 3; i++) {
      socket.pipeline().fireExceptionCaught(new IOException("Too many open files"));
    }
    assertThat(accepts()).isFalse();
    assertThat(bound.figures().failures()).isEqualTo(1);

    socket.advanceTimeBy(999, TimeUnit.MILLISECONDS);
    socket.runScheduledPendingTasks();
    assertThat(accepts()).isFalse();

    socket.advanceTimeBy(1, TimeUnit.MILLISECONDS);
    socket.runScheduledPendingTasks();
    assertThat(accepts()).isTrue();
  }

  @Test
  void atTheBoundAcceptingPausesUntilOneEnds() {
    EmbeddedChannel first = accepted();
    accepted();
    assertThat(accepts()).isTrue();
    accepted();
    assertThat(accepts()).isFalse();
    assertThat(bound.figures().fullPauses()).isEqualTo(1);
    assertThat(bound.open()).isEqualTo(3);

    first.close();
    assertThat(accepts()).isTrue();
    assertThat(bound.open()).isEqualTo(2);
  }

  @Test
  void aSocketThatIsOpenedAtTheBoundWaitsToo() {
    for (int i = 0; i < 3; i++) accepted();
    EmbeddedChannel other = new EmbeddedChannel();
    other
        .pipeline()
        .addLast(new AcceptGate(new Loop(other.eventLoop(), 1, System::nanoTime), bound));
    assertThat(other.config().isAutoRead()).isFalse();
  }

  @Test
  void theEndOfOneReasonDoesNotOpenAgainstTheOther() {
    socket.pipeline().fireExceptionCaught(new IOException("Too many open files"));
    for (int i = 0; i < 3; i++) accepted();
    socket.advanceTimeBy(1, TimeUnit.SECONDS);
    socket.runScheduledPendingTasks();
    assertThat(accepts()).isFalse();
  }
}
