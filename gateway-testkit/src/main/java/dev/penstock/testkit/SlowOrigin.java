package dev.penstock.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The backends of {@link SlowClients} and {@link GoodTraffic}: they wait as long as it takes. */
public final class SlowOrigin implements AutoCloseable {
  /** More than all buffers on the way to a client that reads nothing can hold. */
  private static final int LARGE_BYTES = 64 << 20;

  /**
   * Thousands of backends' buffers of megabytes would be more than one kernel has for all of TCP;
   * they belong to other machines.
   */
  private static final int SEND_BUFFER_BYTES = 1 << 16;

  private static final byte[] BLOCK = new byte[1 << 14];

  private final List<Origin> origins = new ArrayList<>();

  /** On so many ports, because a gateway bounds its connections to each. */
  public SlowOrigin(int ports) {
    for (int i = 0; i < ports; i++) {
      origins.add(Origin.start(0, 0, 0, SlowOrigin::play));
    }
  }

  private static void play(OriginConnection connection) throws IOException {
    while (true) {
      SeenRequest head = connection.readHead();
      switch (head.target()) {
        case "/slow/large" -> pour(connection);
        case "/slow/body" -> connection.drain();
        default -> connection.send(Answers.ok(GoodTraffic.BODY));
      }
    }
  }

  private static void pour(OriginConnection connection) throws IOException {
    connection.sendBuffer(SEND_BUFFER_BYTES);
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE_BYTES + "\r\n\r\n");
    for (int sent = 0; sent < LARGE_BYTES; sent += BLOCK.length) connection.send(BLOCK);
  }

  /** Its ports of 127.0.0.1. */
  public int[] ports() {
    return origins.stream().mapToInt(Origin::port).toArray();
  }

  @Override
  public void close() {
    origins.forEach(Origin::close);
  }
}
