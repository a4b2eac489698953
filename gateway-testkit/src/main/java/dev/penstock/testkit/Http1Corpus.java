package dev.penstock.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The raw HTTP/1.x cases that every build has to pass, and their well-formed siblings. */
public final class Http1Corpus {
  private static final String FORMAT = "penstock-http1-cases/1";

  private Http1Corpus() {}

  /** R01 and those that follow it. */
  public static List<RawCase> cases() {
    return load("/corpus/http1-cases.json");
  }

  /**
   * For every case that may be refused the same request without its fault. All must come through
   * CLEAN: a gateway that refuses everything would pass most cases.
   */
  public static List<RawCase> siblings() {
    return load("/corpus/http1-siblings.json");
  }

  private static List<RawCase> load(String resource) {
    try (InputStream json = Http1Corpus.class.getResourceAsStream(resource)) {
      if (json == null) throw new IllegalStateException("no resource " + resource);
      JsonNode root = new ObjectMapper().readTree(json);
      String format = root.path("format").asText();
      if (!format.equals(FORMAT)) throw new IllegalStateException(resource + " is " + format);
      List<RawCase> cases = new ArrayList<>();
      root.path("cases").forEach(node -> cases.add(rawCase(node)));
      return List.copyOf(cases);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(resource, unreadable);
    }
  }

  private static RawCase rawCase(JsonNode node) {
    List<RawCase.Segment> segments = new ArrayList<>();
    for (JsonNode segment : node.path("segments")) {
      segments.add(
          new RawCase.Segment(
              Base64.getDecoder().decode(segment.path("bytes").asText()),
              segment.path("repeat").asInt(1),
              segment.path("delay_ms").asInt(0)));
    }
    Set<Verdict> allowed = EnumSet.noneOf(Verdict.class);
    node.path("allowed").forEach(word -> allowed.add(Verdict.valueOf(word.asText())));
    Set<Integer> requestCounts = new HashSet<>();
    node.path("n_allowed").forEach(count -> requestCounts.add(count.asInt()));
    return new RawCase(
        node.path("id").asText(),
        node.path("title").asText(),
        segments,
        allowed,
        requestCounts,
        node.path("forbid").asText(""),
        node.path("require").asText(""));
  }
}
