package dev.penstock.ingress.source.kubernetes;

import dev.penstock.ingress.source.ApiJson;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An answer of the API server that is read as a whole, as far as it is kept. One thread. */
final class GatheredAnswer {
  /** Bytes of an answer that is an error; the rest is passed over. */
  static final int ERROR_BYTES_MAX = 16 << 10;

  /** A server that asks for more patience is asked again by then. */
  private static final Duration RETRY_AFTER_MAX = Duration.ofSeconds(4);

  private static final int OK = 200;

  private final int bytesMax;
  private final Gathering body = new Gathering();
  private int status;
  private long retryAfterSeconds;

  /**
   * @param bytesMax of one that is good
   */
  GatheredAnswer(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  void head(int answerStatus, long retryAfter) {
    status = answerStatus;
    retryAfterSeconds = retryAfter;
  }

  /** False when it is too much; of an error the beginning is enough. */
  boolean add(List<ByteBuffer> bytes) {
    for (ByteBuffer buffer : bytes) {
      int max = status == OK ? bytesMax : ERROR_BYTES_MAX;
      int room = max - body.size();
      if (buffer.remaining() > room && status == OK) return false;
      body.write(buffer, Math.min(room, buffer.remaining()));
    }
    return true;
  }

  /** 0 before the head. */
  int status() {
    return status;
  }

  /** Of which the first {@link #length()} are the body. */
  byte[] bytes() {
    return body.bytes();
  }

  int length() {
    return body.size();
  }

  String reason() {
    return "HTTP " + status + ": " + ApiJson.message(body.toByteArray());
  }

  long retryAfterNanos() {
    return Math.min(TimeUnit.SECONDS.toNanos(retryAfterSeconds), RETRY_AFTER_MAX.toNanos());
  }

  /** Bytes that are gathered without a copy at the end. */
  private static final class Gathering extends ByteArrayOutputStream {
    byte[] bytes() {
      return buf;
    }

    void write(ByteBuffer from, int length) {
      byte[] piece = new byte[length];
      from.get(piece);
      write(piece, 0, length);
    }
  }
}
