package dev.penstock.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransportsTest {
  private static final Transport REFUSED =
      new Refused("io_uring", new RuntimeException("ring", new IOException("refused\nby seccomp")));

  @Test
  void autoTakesTheFirstThatIsThere() throws IOException {
    Transports.Chosen chosen =
        Transports.choose(
            TransportChoice.AUTO,
            Map.of(Transports.ORDER.getFirst(), Transport.NIO, Transports.ORDER.get(1), REFUSED)
                ::get);
    assertThat(chosen.choice()).isEqualTo(Transports.ORDER.getFirst());
    assertThat(chosen.passedOver()).isEmpty();
  }

  @Test
  void autoPassesOverWhatIsMissingOrRefusedAndSaysWhy() throws IOException {
    Transports.Chosen chosen =
        Transports.choose(
            TransportChoice.AUTO,
            choice ->
                switch (choice) {
                  case IO_URING -> REFUSED;
                  case NIO -> Transport.NIO;
                  case EPOLL, AUTO -> null;
                });
    assertThat(chosen.choice()).isEqualTo(TransportChoice.NIO);
    assertThat(chosen.transport()).isEqualTo(Transport.NIO);
    assertThat(chosen.passedOver().split("; "))
        .containsExactlyInAnyOrder(
            "io_uring: java.io.IOException: refused by seccomp", "epoll: its library is missing");
  }

  @Test
  void oneThatIsAskedForIsNotReplaced() {
    assertThatThrownBy(() -> Transports.choose(TransportChoice.IO_URING, choice -> REFUSED))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "the transport cannot be used: io_uring: java.io.IOException: refused by seccomp; ");
  }

  @ParameterizedTest
  @EnumSource
  void everyChoiceIsKnownByItsWord(TransportChoice choice) {
    assertThat(TransportChoice.of(choice.word())).isEqualTo(choice);
  }

  private record Refused(String name, Throwable unavailabilityCause) implements Transport {
    @Override
    public boolean available() {
      return false;
    }

    @Override
    public io.vertx.core.spi.transport.@Nullable Transport implementation() {
      return null;
    }
  }
}
