package dev.penstock.core.exchange;

import dev.penstock.core.observe.ResponseFlag;
import org.jspecify.annotations.Nullable;

/**
 * An answer that the gateway gives itself.
 *
 * @param status 300–599
 * @param flag for the log
 * @param location value of a Location field, or null
 * @param hsts value of Strict-Transport-Security, or null
 * @param close whether the connection ends with it
 */
public record LocalAnswer(
    int status,
    ResponseFlag flag,
    byte @Nullable [] location,
    byte @Nullable [] hsts,
    boolean close) {

  public static LocalAnswer of(int status, ResponseFlag flag) {
    return new LocalAnswer(status, flag, null, null, false);
  }

  public LocalAnswer withHsts(byte @Nullable [] value) {
    return new LocalAnswer(status, flag, location, value, close);
  }

  public LocalAnswer closing() {
    return new LocalAnswer(status, flag, location, hsts, true);
  }
}
