package dev.penstock.core.observe;

/**
 * One try at one endpoint. Re-used with the {@link ExchangeRecord} that holds it. Times are
 * readings of {@link System#nanoTime()}, {@link ExchangeRecord#UNSET} when that point was not
 * reached.
 */
public final class Attempt {
  /** {@code address:port}, made once per endpoint. */
  public String endpoint = "";

  /**
   * The status that the backend answered. As in nginx, a try that failed without an answer has 502,
   * or 504 when it timed out; 0 = none, printed as {@code -}.
   */
  public int status;

  /** Bytes of the response's body that came from the backend. */
  public long responseLength;

  /** When an endpoint had been picked: before connecting or borrowing a connection. */
  public long startNanos = ExchangeRecord.UNSET;

  /** When the connection was there. */
  public long connectNanos = ExchangeRecord.UNSET;

  /** When the head of the final response was complete. */
  public long headNanos = ExchangeRecord.UNSET;

  /** When the last byte of the response was there, or the try was given up. */
  public long endNanos = ExchangeRecord.UNSET;

  void reset() {
    endpoint = "";
    status = 0;
    responseLength = 0;
    startNanos = ExchangeRecord.UNSET;
    connectNanos = ExchangeRecord.UNSET;
    headNanos = ExchangeRecord.UNSET;
    endNanos = ExchangeRecord.UNSET;
  }
}
