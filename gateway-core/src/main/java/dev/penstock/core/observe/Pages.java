package dev.penstock.core.observe;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** The pages of an admin port, without the server that sends them. */
public interface Pages {
  /** Of what {@link #write} writes. */
  String JSON = "application/json";

  /**
   * An answer.
   *
   * @param gzip whether the body is compressed by gzip
   * @param body not to be changed
   */
  record Page(int status, String contentType, boolean gzip, byte[] body) {
    private static final String PLAIN = "text/plain; charset=utf-8";

    /** A short text. */
    public static Page plain(int status, String text) {
      return new Page(status, PLAIN, false, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Whether the page is written part by part, by {@link #write}, and is no {@link #page}. */
  default boolean isStreamed(String path) {
    return false;
  }

  /**
   * Writes the configuration that serves. Blocks; not for event loops.
   *
   * @param host only what serves this host; empty = everything
   * @throws IOException when {@code out} does
   */
  default void write(String host, Writer out) throws IOException {
    throw new IOException("no page is written part by part");
  }

  /** Whether making the page takes longer than an event loop may wait. */
  boolean isSlow(String path);

  /**
   * The page of a path; 404 when there is none. A large one is compressed whatever the client
   * takes: the server inflates it on its way to a client that wants it plain.
   *
   * @param path without a query
   * @throws IOException when the metrics cannot be read
   */
  Page page(String path) throws IOException;

  /** 200 while it should get requests, else 503 with the reason. */
  static Page readiness(ServingState state) {
    ServingState.Moment now = state.now();
    if (now.ready()) return Page.plain(200, "ok");
    if (now.draining()) return Page.plain(503, "not ready: shutting down");
    String error = now.error();
    String why = error == null ? "" : ": " + error;
    return Page.plain(503, "not ready: no configuration serves yet" + why.replaceAll("\\s+", " "));
  }
}
