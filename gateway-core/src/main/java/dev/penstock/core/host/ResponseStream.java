package dev.penstock.core.host;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A response's body, written by a thread that may block: each part waits until the client has taken
 * the one before, so however large the body is, only a part of it is in memory. Not for event
 * loops.
 */
final class ResponseStream extends OutputStream {
  private static final int PART_BYTES = 64 * 1024;

  /** How long a client may leave a part; who reads slower than that does not read. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HttpServerResponse response;
  private Buffer part = Buffer.buffer(PART_BYTES);

  /** The response must be chunked; its end is the caller's. */
  ResponseStream(HttpServerResponse response) {
    this.response = response;
  }

  @Override
  public void write(int value) throws IOException {
    part.appendByte((byte) value);
    if (part.length() >= PART_BYTES) send();
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      int taken = Math.min(length - done, PART_BYTES - part.length());
      part.appendBytes(bytes, offset + done, taken);
      done += taken;
      if (part.length() >= PART_BYTES) send();
    }
  }

  private void send() throws IOException {
    if (part.length() == 0) return;
    Buffer full = part;
    part = Buffer.buffer(PART_BYTES);
    try {
      response
          .write(full)
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException gone) {
      throw new IOException("the client is gone", gone);
    } catch (TimeoutException slow) {
      throw new IOException("the client took nothing for " + PATIENCE.toSeconds() + " s", slow);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** The rest goes out; the response is not ended. */
  @Override
  public void close() throws IOException {
    send();
  }
}
