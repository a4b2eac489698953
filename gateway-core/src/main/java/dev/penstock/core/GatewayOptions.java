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
 * @param accessLog made for as many loops; {@code AccessLog.off(n)} for none. Stays the caller's to
 *     close, after the gateway
 * @param meters made for as many loops
 * @param clock monotonic nanoseconds for deadlines
 */
public record GatewayOptions(
    int eventLoops,
    TransportChoice transport,
    AccessLog accessLog,
    RouteMeterTable meters,
    LongSupplier clock) {
  public GatewayOptions {
    if (eventLoops < 1 || eventLoops > 1_024) {
      throw new IllegalArgumentException("eventLoops must be from 1 to 1024, was " + eventLoops);
    }
  }
}
