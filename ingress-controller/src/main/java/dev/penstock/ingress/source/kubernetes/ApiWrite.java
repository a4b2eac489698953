package dev.penstock.ingress.source.kubernetes;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * A request that changes something.
 *
 * @param path with its query, encoded
 * @param body JSON
 */
record ApiWrite(String method, String path, String contentType, String body) {
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private static final String MERGE_PATCH = "application/merge-patch+json";
  private static final String APPLY_PATCH = "application/apply-patch+yaml";
  private static final String JSON = "application/json";

  static ApiWrite create(String path, String body) {
    return new ApiWrite("POST", path, JSON, body);
  }

  /** Fields that the body does not name stay as they are. */
  static ApiWrite merge(String path, String body) {
    return new ApiWrite("PATCH", path, MERGE_PATCH, body);
  }

  /** Server-side apply: what others hold of these fields is taken from them. */
  static ApiWrite apply(String path, String fieldManager, String body) {
    String query = "?fieldManager=" + fieldManager + "&force=true";
    return new ApiWrite("PATCH", path + query, APPLY_PATCH, body);
  }

  /** The API's MicroTime. */
  static String micros(Instant time) {
    return MICROS.format(time);
  }

  /** A text as it stands in JSON, with its quotes. */
  static String quoted(String text) {
    return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }
}
