package dev.penstock.admission;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.penstock.model.text.Quote;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the parts of an AdmissionReview without building anything: its objects stay where they are,
 * and go to the reader that the controller reads the API server's objects with. What comes from a
 * hostile caller costs one pass over its bytes.
 */
final class ReviewReader {
  /**
   * JSON values of a review, objects among them: 5,000 paths that are new, or 2,500 that change.
   * Each costs some 500 bytes of heap while it is judged.
   */
  static final int VALUES_MAX = 40_000;

  /** Levels; an Ingress in a review has 10, but for {@code managedFields}: anybody writes those. */
  static final int DEPTH_MAX = 20_000;

  /** Of a uid, which the API server makes: 36. */
  private static final int UID_CHARS_MAX = 128;

  /** Of anything else that is looked at: a name of the API. */
  private static final int WORD_CHARS_MAX = 256;

  private static final String VERSION = "admission.k8s.io/v1";

  private static final StreamReadConstraints CONSTRAINTS =
      StreamReadConstraints.builder()
          .maxNestingDepth(DEPTH_MAX)
          .maxNameLength(Integer.MAX_VALUE) // the body is bounded
          .build();

  private final byte[] body;
  private final JsonParser json;
  private final Set<String> seen = new HashSet<>();
  private int values;
  private String apiVersion = "";
  private String kind = "";
  private boolean hasRequest;
  private String uid = "";
  private String operation = "";
  private String subResource = "";
  private String objectKind = "";
  private Review.@Nullable Part object;
  private Review.@Nullable Part oldObject;

  private ReviewReader(byte[] body, JsonParser json) {
    this.body = body;
    this.json = json;
  }

  /**
   * @param length how many of the bytes are the review
   */
  static Review read(byte[] body, int length) throws Malformed {
    // The parser would guess at other encodings, in which it counts no bytes.
    if (length < 2 || body[0] != '{' || body[1] == 0) {
      throw new Malformed("the body is no JSON object in UTF-8");
    }
    try (JsonParser json = factory().createParser(body, 0, length)) {
      ReviewReader reader = new ReviewReader(body, json);
      reader.document();
      return reader.review();
    } catch (IOException fault) {
      // The parser's own message quotes what it has read.
      throw new Malformed(
          "the body is no whole JSON of at most " + DEPTH_MAX + " levels (" + name(fault) + ")");
    }
  }

  /** One for each review: it keeps the names that it has seen, which come from anybody. */
  private static JsonFactory factory() {
    return JsonFactory.builder()
        .streamReadConstraints(CONSTRAINTS)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .build();
  }

  private static String name(IOException fault) {
    return fault.getClass().getSimpleName();
  }

  private Review review() throws Malformed {
    if (!apiVersion.equals(VERSION) || !kind.equals("AdmissionReview")) {
      throw new Malformed(
          "it is "
              + Quote.of(apiVersion)
              + " "
              + Quote.of(kind)
              + ", but only "
              + VERSION
              + " AdmissionReview is answered: set admissionReviewVersions: [v1]");
    }
    if (!hasRequest) throw new Malformed("request is missing");
    if (uid.isEmpty()) throw new Malformed("request.uid is missing");
    return new Review(uid, objectKind, operation, subResource, object, oldObject);
  }

  private void document() throws IOException, Malformed {
    next();
    while (next() != JsonToken.END_OBJECT) {
      String name = once("");
      switch (name) {
        case "apiVersion" -> apiVersion = word(WORD_CHARS_MAX);
        case "kind" -> kind = word(WORD_CHARS_MAX);
        case "request" -> request();
        default -> skip();
      }
    }
    if (json.nextToken() != null) throw new Malformed("more than one JSON value was sent");
  }

  private void request() throws IOException, Malformed {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw new Malformed("request is no object");
    }
    hasRequest = true;
    while (next() != JsonToken.END_OBJECT) {
      String name = once("request.");
      switch (name) {
        case "uid" -> uid = word(UID_CHARS_MAX);
        case "operation" -> operation = word(WORD_CHARS_MAX);
        case "subResource" -> subResource = word(WORD_CHARS_MAX);
        case "kind" -> objectKind = kind();
        case "object" -> object = part(name);
        case "oldObject" -> oldObject = part(name);
        default -> skip();
      }
    }
  }

  private String kind() throws IOException, Malformed {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw new Malformed("request.kind is no object");
    }
    String group = "";
    String version = "";
    String name = "";
    while (next() != JsonToken.END_OBJECT) {
      String field = json.currentName();
      next();
      switch (field) {
        case "group" -> group = word(WORD_CHARS_MAX);
        case "version" -> version = word(WORD_CHARS_MAX);
        case "kind" -> name = word(WORD_CHARS_MAX);
        default -> skip();
      }
    }
    return (group.isEmpty() ? "" : group + "/") + version + "/" + name;
  }

  private Review.@Nullable Part part(String name) throws IOException, Malformed {
    if (json.currentToken() == JsonToken.VALUE_NULL) return null;
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw new Malformed("request." + name + " is no object");
    }
    int from = Math.toIntExact(json.currentTokenLocation().getByteOffset());
    boolean isBeingDeleted = false;
    while (next() != JsonToken.END_OBJECT) {
      boolean isMetadata = json.currentName().equals("metadata");
      next();
      if (isMetadata && json.currentToken() == JsonToken.START_OBJECT) {
        isBeingDeleted |= metadata();
      } else {
        skip();
      }
    }
    int to = Math.toIntExact(json.currentLocation().getByteOffset());
    return new Review.Part(body, from, to - from, isBeingDeleted);
  }

  private boolean metadata() throws IOException, Malformed {
    boolean isBeingDeleted = false;
    while (next() != JsonToken.END_OBJECT) {
      boolean isIt = json.currentName().equals("deletionTimestamp");
      isBeingDeleted |= next() == JsonToken.VALUE_STRING && isIt;
      skip();
    }
    return isBeingDeleted;
  }

  /** The name of a field, whose value is then the current token. */
  private String once(String parent) throws IOException, Malformed {
    String name = json.currentName();
    next();
    boolean isRead = name.length() <= WORD_CHARS_MAX && seen.size() < WORD_CHARS_MAX;
    if (isRead && !seen.add(parent + name)) {
      throw new Malformed(Quote.of(parent + name) + " stands twice");
    }
    return name;
  }

  private String word(int charsMax) throws IOException, Malformed {
    if (json.currentToken() == JsonToken.VALUE_NULL) return "";
    if (json.currentToken() != JsonToken.VALUE_STRING || json.getTextLength() > charsMax) {
      throw new Malformed(
          Quote.of(json.currentName()) + " is no text of at most " + charsMax + " characters");
    }
    return json.getText();
  }

  /** Past the end of the current value. */
  private void skip() throws IOException, Malformed {
    int depth = 0;
    JsonToken token = json.currentToken();
    while (true) {
      if (token.isStructStart()) depth++;
      if (token.isStructEnd()) depth--;
      if (depth == 0) return;
      token = next();
    }
  }

  private JsonToken next() throws IOException, Malformed {
    JsonToken token = json.nextToken();
    if (token == null) throw new Malformed("the body ends too early");
    boolean isValue = token != JsonToken.FIELD_NAME && !token.isStructEnd();
    if (isValue && ++values > VALUES_MAX) {
      throw new Malformed("the review holds more than " + VALUES_MAX + " values");
    }
    return token;
  }
}
