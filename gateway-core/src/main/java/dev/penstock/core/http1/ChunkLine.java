package dev.penstock.core.http1;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads one line before a chunk: 1 to 16 hexadecimal digits, extensions, CRLF (RFC 9112 §7.1).
 * Extensions are checked against the whole grammar, quoted strings included, and dropped: lenient
 * readers of this line are how requests were smuggled (CVE-2025-22871, CVE-2025-58056).
 */
final class ChunkLine {
  private enum State {
    SIZE,
    /** White space that only a semicolon may end. */
    BEFORE_EXTENSION,
    NAME_START,
    NAME,
    AFTER_NAME,
    VALUE_START,
    VALUE,
    QUOTED,
    QUOTED_PAIR,
    AFTER_QUOTED,
    LAST_LF,
    ENDED
  }

  private static final int DIGITS_MAX = 16;

  private final int extensionBytesMax;
  private State state = State.SIZE;
  private @Nullable Refusal refusal;
  private long size;
  private int digits;
  private int extensionBytes;

  ChunkLine(int extensionBytesMax) {
    this.extensionBytesMax = extensionBytesMax;
  }

  @Nullable Refusal refusal() {
    return refusal;
  }

  boolean isEnded() {
    return state == State.ENDED;
  }

  /** Bytes of the chunk; zero for the last one. */
  long size() {
    return size;
  }

  void reset() {
    state = State.SIZE;
    refusal = null;
    size = 0;
    digits = 0;
    extensionBytes = 0;
  }

  /** Uses bytes up to the end of the line. */
  void read(ByteBuf in) {
    while (in.isReadable() && state != State.ENDED && refusal == null) {
      read(in.readByte());
    }
  }

  private void read(byte b) {
    switch (state) {
      case SIZE -> size(b);
      case LAST_LF -> {
        state = State.ENDED;
        refuseUnless(b == Ascii.LF, Refusal.CHUNK_SIZE);
      }
      default -> extension(b);
    }
  }

  private void size(byte b) {
    int digit = Ascii.hex(b);
    if (digit >= 0) {
      digits++;
      size = size << 4 | digit;
      refuseUnless(digits <= DIGITS_MAX && size >= 0, Refusal.CHUNK_SIZE);
      return;
    }
    refuseUnless(digits > 0, Refusal.CHUNK_SIZE);
    if (refusal == null && (b == Ascii.CR || b == ';' || Ascii.isBlank(b))) {
      extensionBytes = b == Ascii.CR ? 0 : 1;
      refuseUnless(extensionBytes <= extensionBytesMax, Refusal.CHUNK_EXTENSION_TOO_LONG);
      state = between(b, State.BEFORE_EXTENSION);
    } else {
      refuseUnless(false, Refusal.CHUNK_SIZE);
    }
  }

  private void extension(byte b) {
    State next = next(b);
    if (next == State.ENDED) {
      refusal = Refusal.CHUNK_EXTENSION;
      return;
    }
    state = next;
    if (next != State.LAST_LF && ++extensionBytes > extensionBytesMax) {
      refusal = Refusal.CHUNK_EXTENSION_TOO_LONG;
    }
  }

  /** The state after {@code b}; ENDED stands for a forbidden byte. */
  private State next(byte b) {
    return switch (state) {
      case BEFORE_EXTENSION -> beforeExtension(b);
      case NAME_START -> start(b, State.NAME_START, State.NAME);
      case NAME -> Ascii.isToken(b) ? State.NAME : afterName(b);
      case AFTER_NAME -> afterName(b);
      case VALUE_START -> b == '"' ? State.QUOTED : start(b, State.VALUE_START, State.VALUE);
      case VALUE -> Ascii.isToken(b) ? State.VALUE : between(b, State.BEFORE_EXTENSION);
      case QUOTED -> quoted(b);
      case QUOTED_PAIR -> Ascii.isFieldValue(b) ? State.QUOTED : State.ENDED;
      case AFTER_QUOTED -> between(b, State.BEFORE_EXTENSION);
      case SIZE, LAST_LF, ENDED -> State.ENDED;
    };
  }

  private static State beforeExtension(byte b) {
    if (b == ';') {
      return State.NAME_START;
    }
    return Ascii.isBlank(b) ? State.BEFORE_EXTENSION : State.ENDED;
  }

  private static State start(byte b, State blank, State token) {
    if (Ascii.isToken(b)) {
      return token;
    }
    return Ascii.isBlank(b) ? blank : State.ENDED;
  }

  private State afterName(byte b) {
    if (b == '=') {
      return State.VALUE_START;
    }
    boolean lineEndsAfterBlank = state == State.AFTER_NAME && b == Ascii.CR;
    return lineEndsAfterBlank ? State.ENDED : between(b, State.AFTER_NAME);
  }

  private static State quoted(byte b) {
    if (b == '"') {
      return State.AFTER_QUOTED;
    }
    if (b == '\\') {
      return State.QUOTED_PAIR;
    }
    return Ascii.isFieldValue(b) ? State.QUOTED : State.ENDED;
  }

  private static State between(byte b, State blank) {
    return switch (b) {
      case ';' -> State.NAME_START;
      case Ascii.CR -> State.LAST_LF;
      case Ascii.SP, Ascii.HTAB -> blank;
      default -> State.ENDED;
    };
  }

  private void refuseUnless(boolean good, Refusal why) {
    if (!good) {
      refusal = why;
    }
  }
}
