package dev.penstock.core.host;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connections of a small server. At the bound the one that waits longest for a request goes:
 * nobody may keep others out by doing nothing.
 */
final class WaitingConnections {
  private final int connectionsMax;

  /** Those that are open, and of them those without a request, who waits longest first. */
  private final AtomicInteger connections = new AtomicInteger();

  private final Set<HttpConnection> waiting = Collections.synchronizedSet(new LinkedHashSet<>());

  WaitingConnections(int connectionsMax) {
    this.connectionsMax = connectionsMax;
  }

  void opened(HttpConnection connection) {
    waiting.add(connection);
    connection.closeHandler(nothing -> {
      waiting.remove(connection);
      connections.decrementAndGet();
    });
    if (connections.incrementAndGet() > connectionsMax) longestWaiting().close();
  }

  /** It does not wait until the answer has ended. */
  void asked(HttpServerRequest request) {
    waiting.remove(request.connection());
    request
        .response()
        .endHandler(ended -> {
          if (!request.response().closed()) waiting.add(request.connection());
        });
  }

  /** The new one at least waits. */
  private HttpConnection longestWaiting() {
    synchronized (waiting) {
      HttpConnection longest = waiting.iterator().next();
      waiting.remove(longest);
      return longest;
    }
  }
}
