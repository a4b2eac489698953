package dev.penstock.core;

import dev.penstock.core.host.TransportChoice;
import dev.penstock.core.observe.AccessLog;
import dev.penstock.core.observe.RouteMeterTable;
import java.util.function.LongSupplier;

/**
 * What a gateway is started with.
 *
 * @param eventLoops at least 1
 * @param transport what drives the sockets
 * @param connectionsMax client connections of the process, at least 1; fewer when the limit of
 *     descriptors does not allow so many
 * @param accessLog made for as many loops; {@code AccessLog.off(n)} for none. Stays the caller's to
 *     close, after the gateway
 * @param meters made for as many loops
 * @param server value of the Server field of every answer, printable ASCII; empty = as the settings
 *     say
 * @param clock monotonic nanoseconds for deadlines
 */
public record GatewayOptions(
    int eventLoops,
    TransportChoice transport,
    int connectionsMax,
    AccessLog accessLog,
    RouteMeterTable meters,
    String server,
    LongSupplier clock) {
  /**
   * Client connections of the process unless told otherwise. An idle one takes about 3 KiB of heap,
   * so that many leave more than half of the launcher's 256 MiB to everything else.
   */
  public static final int CONNECTIONS_MAX = 32_768;

  /** Long enough for a name and a version; every answer carries it. */
  public static final int SERVER_CHARS_MAX = 64;

  public GatewayOptions {
    if (server.length() > SERVER_CHARS_MAX || !server.matches("[ -~]*")) {
      throw new IllegalArgumentException(
          "server must be at most "
              + SERVER_CHARS_MAX
              + " printable characters of ASCII, was '"
              + server
              + "'");
    }
    if (connectionsMax < 1) {
      throw new IllegalArgumentException(
          "connectionsMax must be at least 1, was " + connectionsMax);
    }
    if (eventLoops < 1 || eventLoops > 1_024) {
      throw new IllegalArgumentException("eventLoops must be from 1 to 1024, was " + eventLoops);
    }
  }
}
