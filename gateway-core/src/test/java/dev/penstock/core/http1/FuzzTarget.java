package dev.penstock.core.http1;

import dev.penstock.model.Settings;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What reads a peer's bytes: how it is judged, and which refusals it must have shown before a
 * fuzzing run counts.
 */
enum FuzzTarget {
  REQUEST(4, HeadChecks::request, Refusals.REQUEST),
  RESPONSE(3, HeadChecks::response, Refusals.RESPONSE),
  CHUNKED(3, BodyChecks::chunked, Refusals.CHUNKED),
  /** Chunked too, with most of its bytes behind the last chunk. */
  TRAILERS(1, BodyChecks::chunked, Refusals.TRAILERS),
  /** The first two bytes stand for the Content-Length. */
  LENGTH(1, BodyChecks::length, EnumSet.of(Refusal.CUT)),
  UNTIL_CLOSE(1, BodyChecks::untilClose, EnumSet.noneOf(Refusal.class)),
  /** Requests with their bodies, one behind the other, as one connection carries them. */
  CONNECTION(4, ConnectionChecks::connection, Refusals.CONNECTION),
  PATH(2, PartChecks::path, EnumSet.noneOf(Refusal.class)),
  AUTHORITY(1, PartChecks::authority, EnumSet.noneOf(Refusal.class));

  /** Throws when something does not hold; a function of the bytes and the limits alone. */
  @FunctionalInterface
  interface Check {
    void check(FuzzTarget target, byte[] input, Settings.Limits limits, FuzzCoverage seen);
  }

  /** Every input is judged under both: the real limits, and limits that short input reaches. */
  static final List<Settings.Limits> LIMITS =
      List.of(Settings.Limits.DEFAULT, new Settings.Limits(64, 192, 6, 12, 40, 1, 0, 1));

  @SuppressWarnings("ImmutableEnumChecker") // all are references to static methods
  private final Check check;

  @SuppressWarnings("ImmutableEnumChecker") // a copy that nobody can change
  private final Set<Refusal> refusals;

  private final int weight;

  FuzzTarget(int weight, Check check, Set<Refusal> refusals) {
    this.weight = weight;
    this.check = check;
    this.refusals = Set.copyOf(refusals);
  }

  void check(byte[] input, Settings.Limits limits, FuzzCoverage seen) {
    check.check(this, input, limits, seen);
  }

  /** How many inputs it gets while the least gets one. */
  int weight() {
    return weight;
  }

  /** A run that has not met all of these has not been everywhere. */
  Set<Refusal> refusals() {
    return refusals;
  }

  /** The name of its directory of kept inputs. */
  String directory() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static final class Refusals {
    private static final Set<Refusal> LINES =
        EnumSet.of(
            Refusal.TOO_MANY_FIELDS,
            Refusal.BARE_LF,
            Refusal.BARE_CR,
            Refusal.FOLDED_LINE,
            Refusal.FIELD_NAME,
            Refusal.FIELD_VALUE);
    private static final Set<Refusal> HEAD =
        EnumSet.of(
            Refusal.VERSION,
            Refusal.HEAD_TOO_LARGE,
            Refusal.CONTENT_LENGTH,
            Refusal.CONTENT_LENGTH_REPEATED,
            Refusal.FRAMING_AMBIGUOUS,
            Refusal.TRANSFER_ENCODING_REPEATED,
            Refusal.TRANSFER_ENCODING_OLD,
            Refusal.TRANSFER_CODING,
            Refusal.CONNECTION);
    private static final Set<Refusal> REQUEST_ONLY =
        EnumSet.of(
            Refusal.START,
            Refusal.METHOD,
            Refusal.METHOD_NOT_ALLOWED,
            Refusal.TARGET,
            Refusal.PATH,
            Refusal.PATH_ESCAPE,
            Refusal.PATH_DOT_SEGMENT,
            Refusal.PROTOCOL,
            Refusal.LINE_TOO_LONG,
            Refusal.HOST_MISSING,
            Refusal.HOST_REPEATED,
            Refusal.HOST,
            Refusal.HOST_MISMATCH,
            Refusal.EXPECTATION);
    private static final Set<Refusal> CHUNKS =
        EnumSet.of(
            Refusal.CHUNK_SIZE,
            Refusal.CHUNK_EXTENSION,
            Refusal.CHUNK_EXTENSION_TOO_LONG,
            Refusal.CHUNK_END);
    static final Set<Refusal> TRAILERS =
        union(LINES, EnumSet.of(Refusal.TRAILERS_TOO_LARGE, Refusal.CUT));
    static final Set<Refusal> CHUNKED = union(CHUNKS, TRAILERS);
    static final Set<Refusal> REQUEST = union(LINES, union(HEAD, REQUEST_ONLY));
    static final Set<Refusal> RESPONSE = union(LINES, union(HEAD, EnumSet.of(Refusal.STATUS_LINE)));
    static final Set<Refusal> CONNECTION = union(REQUEST, CHUNKS);

    private static Set<Refusal> union(Set<Refusal> one, Set<Refusal> other) {
      EnumSet<Refusal> union = EnumSet.copyOf(one);
      union.addAll(other);
      return union;
    }
  }
}
