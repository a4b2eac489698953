package dev.penstock.core.host;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connections of a small server. At the bound the remote address that has most of those without
 * a request loses the one that waits longest for it: nobody may keep others out by doing nothing.
 */
final class WaitingConnections {
  private final int connectionsMax;

  /** Those that are open, and of them those without a request. */
  private final AtomicInteger connections = new AtomicInteger();

  /** Guarded by itself: connections are on several event loops. */
  private final ByAddress<HttpConnection> waiting = new ByAddress<>();

  WaitingConnections(int connectionsMax) {
    this.connectionsMax = connectionsMax;
  }

  void opened(HttpConnection connection) {
    enters(connection);
    connection.closeHandler(nothing -> {
      leaves(connection);
      connections.decrementAndGet();
    });
    if (connections.incrementAndGet() > connectionsMax) longestOfMost().close();
  }

  /** It does not wait until the answer has ended. */
  void asked(HttpServerRequest request) {
    leaves(request.connection());
    request
        .response()
        .endHandler(ended -> {
          if (!request.response().closed()) enters(request.connection());
        });
  }

  private void enters(HttpConnection connection) {
    synchronized (waiting) {
      waiting.add(ByAddress.of(connection.remoteAddress()), connection);
    }
  }

  private void leaves(HttpConnection connection) {
    synchronized (waiting) {
      waiting.remove(ByAddress.of(connection.remoteAddress()), connection);
    }
  }

  private HttpConnection longestOfMost() {
    synchronized (waiting) {
      String most = waiting.most();
      if (most == null) throw new IllegalStateException("the new one at least waits");
      HttpConnection longest = waiting.oldest(most);
      leaves(longest);
      return longest;
    }
  }
}
