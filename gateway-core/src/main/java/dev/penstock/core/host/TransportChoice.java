package dev.penstock.core.host;

import java.util.List;
import java.util.stream.Stream;

/** What the sockets of the process are driven by. */
public enum TransportChoice {
  /** The first of {@link Transports#ORDER} that this machine has. */
  AUTO("auto"),
  IO_URING("io_uring"),
  EPOLL("epoll"),
  NIO("nio");

  private final String word;

  TransportChoice(String word) {
    this.word = word;
  }

  /** As it is written in a flag; each is the {@link #of} of its word. */
  public static List<String> words() {
    return Stream.of(values()).map(TransportChoice::word).toList();
  }

  /**
   * The choice that is written so.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static TransportChoice of(String word) {
    for (TransportChoice choice : values()) {
      if (choice.word.equals(word)) return choice;
    }
    throw new IllegalArgumentException("'" + word + "' is none of " + words());
  }

  /** As it is written in a flag and in the log. */
  public String word() {
    return word;
  }
}
