package dev.penstock.core.observe;

import java.io.IOException;
import java.io.Writer;

/** Tells what is served, with what is known of it at the moment. Any thread but an event loop. */
public interface ServedConfig {
  /**
   * Writes one JSON object, part by part: it may be large, and is never as a whole in memory. Holds
   * no key material.
   *
   * @param host only what serves this host, and its certificates; empty = everything
   * @throws IOException when {@code out} does
   */
  void write(String host, Writer out) throws IOException;
}
