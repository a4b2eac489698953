package dev.penstock.testkit;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Exact bytes of a hostile, odd or plain HTTP/1.x request, and the verdicts that pass.
 *
 * @param id {@code R01} …; a well-formed sibling has the id of its case
 * @param title what is special about it
 * @param segments what is sent, in order
 * @param allowed the verdicts that pass; {@link Verdict#LATE_REJECT} counts as REJECT
 * @param requestCounts how many requests a CLEAN run may show at the backend
 * @param forbid must not be found in the bytes that the backend got; empty = nothing is forbidden
 * @param require must be found there when the verdict is CLEAN; empty = nothing is required
 */
public record RawCase(
    String id,
    String title,
    List<Segment> segments,
    Set<Verdict> allowed,
    Set<Integer> requestCounts,
    String forbid,
    String require) {

  /**
   * @param bytes what is sent; not to be changed
   * @param repeat how many times, at least 1
   * @param delayMillis wait so long behind it
   */
  public record Segment(byte[] bytes, int repeat, int delayMillis) {}

  public RawCase {
    segments = List.copyOf(segments);
    allowed = Set.copyOf(allowed);
    requestCounts = Set.copyOf(requestCounts);
  }

  public boolean passes(Verdict verdict) {
    return allowed.contains(verdict == Verdict.LATE_REJECT ? Verdict.REJECT : verdict);
  }

  /** Over TLS the gateway itself says {@code X-Forwarded-Proto: https}. */
  public RawCase overTls() {
    return new RawCase(
        id, title, segments, allowed, requestCounts, forbid.replace("|proto: https", ""), require);
  }

  int requestCountMax() {
    return requestCounts.stream().mapToInt(Integer::intValue).max().orElse(1);
  }

  static boolean finds(String regex, String bytes) {
    return Pattern.compile(regex, Pattern.UNIX_LINES).matcher(bytes).find();
  }

  @Override
  public String toString() {
    return id + " " + title;
  }
}
