package dev.penstock.core.host;

import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds the transport that was asked for, or the best of those that this machine has. */
final class Transports {
  /**
   * What {@link TransportChoice#AUTO} looks for, best first; the last one is everywhere. io_uring
   * comes first only when it is shown to behave as epoll does, and to cost less.
   */
  static final List<TransportChoice> ORDER =
      List.of(TransportChoice.EPOLL, TransportChoice.IO_URING, TransportChoice.NIO);

  /**
   * The transport to use.
   *
   * @param passedOver why not a better one: {@code io_uring: reason}; empty when there is no better
   *     one
   */
  record Chosen(TransportChoice choice, Transport transport, String passedOver) {}

  static {
    // Read once by Netty, when its classes are loaded. Many accepts for one request of ours would
    // take all that wait in the kernel, however few connections may be open.
    preset("io.netty.iouring.acceptMultiShotEnabled");
    // A poll that stays armed says nothing of what came before: an RST that arrives while a
    // connection is not read would never be seen.
    preset("io.netty.iouring.pollAddMultishotEnabled");
  }

  /** Off, unless somebody has decided. */
  private static void preset(String property) {
    if (System.getProperty(property) == null) System.setProperty(property, "false");
  }

  private Transports() {}

  /**
   * The transport to use.
   *
   * @throws IOException when the one that was asked for cannot be used; the message says why and
   *     what else there is
   */
  static Chosen choose(TransportChoice wanted) throws IOException {
    return choose(wanted, Transports::of);
  }

  static Chosen choose(TransportChoice wanted, Function<TransportChoice, @Nullable Transport> known)
      throws IOException {
    List<TransportChoice> candidates = wanted == TransportChoice.AUTO ? ORDER : List.of(wanted);
    StringJoiner passedOver = new StringJoiner("; ");
    for (TransportChoice choice : candidates) {
      Transport transport = known.apply(choice);
      if (transport != null && transport.available()) {
        return new Chosen(choice, transport, passedOver.toString());
      }
      passedOver.add(choice.word() + ": " + unavailability(transport));
    }
    throw new IOException(
        "the transport cannot be used: "
            + passedOver
            + "; choose auto, which takes the best of those that this machine has");
  }

  /** Null when its classes are missing. */
  private static @Nullable Transport of(TransportChoice choice) {
    return switch (choice) {
      case IO_URING -> Transport.IO_URING;
      case EPOLL -> Transport.EPOLL;
      case NIO -> Transport.NIO;
      case AUTO -> throw new IllegalArgumentException("not a transport");
    };
  }

  /** In one line; the innermost cause is what the kernel or the linker said. */
  private static String unavailability(@Nullable Transport transport) {
    if (transport == null) return "its library is missing";
    Throwable cause = transport.unavailabilityCause();
    if (cause == null) return "its library does not say why";
    for (Throwable inner = cause.getCause(); inner != null; inner = inner.getCause()) cause = inner;
    return cause.toString().replaceAll("\\s*\\R\\s*", " ");
  }
}
