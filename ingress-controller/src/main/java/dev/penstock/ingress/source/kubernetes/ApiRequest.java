package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.source.ApiJson;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request with one answer, which comes within a time or is taken for a fault. Of a large answer
 * the beginning is kept. One thread.
 */
final class ApiRequest implements ApiCall.Receiver {
  /** From the request to the end of its answer. */
  static final Duration ANSWER_MAX = Duration.ofSeconds(5);

  /** Kept of an answer: Leases are small, and of what was applied nothing is read. */
  private static final int BODY_BYTES_MAX = 64 << 10;

  /**
   * What came.
   *
   * @param status 0 = no answer
   * @param fault why there is no whole answer; empty when there is
   */
  record Answer(int status, byte[] body, long retryAfterSeconds, String fault) {
    boolean isGood() {
      return fault.isEmpty() && status >= 200 && status < 300;
    }

    /** For messages; of an answer that is not good. */
    String reason() {
      return fault.isEmpty() ? "HTTP " + status + ": " + ApiJson.message(body) : fault;
    }
  }

  private final Consumer<Answer> then;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private int status;
  private long retryAfterSeconds;
  private @Nullable ApiCall call;
  private @Nullable ScheduledFuture<?> limit;

  private ApiRequest(Consumer<Answer> then) {
    this.then = then;
  }

  /**
   * @param then hears of the answer, once, unless it is cancelled
   */
  static ApiRequest get(Machinery machinery, String path, Consumer<Answer> then) {
    ApiRequest request = new ApiRequest(then);
    request.began(machinery, machinery.api().get(path, machinery.thread(), request));
    return request;
  }

  static ApiRequest send(Machinery machinery, ApiWrite write, Consumer<Answer> then) {
    ApiRequest request = new ApiRequest(then);
    request.began(machinery, machinery.api().send(write, machinery.thread(), request));
    return request;
  }

  private void began(Machinery machinery, ApiCall begun) {
    call = begun;
    limit = machinery.thread().schedule(this::onLate, ANSWER_MAX.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Nothing is heard of it any more; what was sent may have been done all the same. */
  void cancel() {
    if (call != null) call.cancel();
    if (limit != null) limit.cancel(false);
  }

  private void onLate() {
    cancel();
    then.accept(
        new Answer(0, new byte[0], 0, "no answer came within " + ANSWER_MAX.toSeconds() + " s"));
  }

  @Override
  public void onHead(int answered, long retryAfter) {
    status = answered;
    retryAfterSeconds = retryAfter;
  }

  @Override
  public void onBytes(List<ByteBuffer> bytes) {
    for (ByteBuffer buffer : bytes) {
      byte[] piece = new byte[Math.min(buffer.remaining(), BODY_BYTES_MAX - body.size())];
      buffer.get(piece);
      body.write(piece, 0, piece.length);
    }
  }

  @Override
  public void onEnd(String fault) {
    if (limit != null) limit.cancel(false);
    then.accept(new Answer(status, body.toByteArray(), retryAfterSeconds, fault));
  }
}
