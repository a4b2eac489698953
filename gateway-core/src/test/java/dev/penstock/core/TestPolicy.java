package dev.penstock.core;

import dev.penstock.model.RoutePolicy;
import dev.penstock.model.RoutePolicy.HttpsRedirect;
import java.time.Duration;

/** A route's policy with the defaults, of which a test changes what it is about. */
final class TestPolicy {
  private HttpsRedirect httpsRedirect = RoutePolicy.DEFAULT.httpsRedirect();
  private boolean hsts = RoutePolicy.DEFAULT.hsts();
  private long requestBodyBytesMax = RoutePolicy.DEFAULT.requestBodyBytesMax();
  private Duration connectTimeout = RoutePolicy.DEFAULT.connectTimeout();
  private Duration readTimeout = RoutePolicy.DEFAULT.readTimeout();
  private Duration sendTimeout = RoutePolicy.DEFAULT.sendTimeout();
  private int tries = RoutePolicy.DEFAULT.tries();

  TestPolicy httpsRedirect(HttpsRedirect value) {
    httpsRedirect = value;
    return this;
  }

  TestPolicy hsts() {
    hsts = true;
    return this;
  }

  TestPolicy requestBodyBytesMax(long value) {
    requestBodyBytesMax = value;
    return this;
  }

  TestPolicy connectTimeout(Duration value) {
    connectTimeout = value;
    return this;
  }

  TestPolicy readTimeout(Duration value) {
    readTimeout = value;
    return this;
  }

  TestPolicy sendTimeout(Duration value) {
    sendTimeout = value;
    return this;
  }

  TestPolicy tries(int value) {
    tries = value;
    return this;
  }

  RoutePolicy build() {
    return new RoutePolicy(
        httpsRedirect, hsts, requestBodyBytesMax, connectTimeout, readTimeout, sendTimeout, tries);
  }
}
