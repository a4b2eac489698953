package dev.penstock.core.http1;

import dev.penstock.model.Settings;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes the framing off a message's body. One object for each direction of a connection, used for
 * one message after the other. One event loop.
 *
 * <p>Payload is handed on in slices that share the input's memory, except where a slice of a few
 * bytes would hold a large buffer, or many small chunks stand in one buffer: these are copied
 * together, so that a peer that sends one byte in each chunk can't make the gateway hold more than
 * it sent.
 */
public final class BodyDecoder {
  /** Takes the payload. */
  public interface Sink {
    /** Called on the decoder's event loop, in order; the sink owns and releases {@code data}. */
    void bodyData(ByteBuf data);
  }

  private enum State {
    DATA,
    CHUNK_LINE,
    CHUNK_DATA,
    CHUNK_CR,
    CHUNK_LF,
    TRAILERS,
    ENDED,
    REFUSED
  }

  /** Pieces of at least this many bytes are never copied. */
  private static final int SLICE_BYTES_MIN = 512;

  /** A smaller piece is sliced where it is at least this part of its buffer. */
  private static final int SLICE_SHARE = 8;

  /** The end of every trailer section; no part of what is limited. */
  private static final int EMPTY_LINE_BYTES = 2;

  private final int trailerBytesMax;
  private final ChunkLine chunkLine;
  private final HeadBytes trailerBytes;
  private final Fields trailers;
  private final FieldLines trailerLines;

  private Framing framing = Framing.NONE;
  private State state = State.ENDED;
  private @Nullable Refusal refusal;
  private @Nullable ByteBuf gathered;
  private boolean stopped;
  private long remaining;
  private long received;

  public BodyDecoder(Settings.Limits limits) {
    this(limits, HeadBudget.unbounded());
  }

  /**
   * @param budget of the loop; {@link #forgetTrailers()} gives back what trailers took of it
   */
  public BodyDecoder(Settings.Limits limits, HeadBudget budget) {
    this.trailerBytes = new HeadBytes(budget);
    this.trailers = new Fields(trailerBytes);
    this.trailerBytesMax = limits.trailerBytesMax() + EMPTY_LINE_BYTES;
    this.chunkLine = new ChunkLine(limits.chunkExtensionBytesMax());
    this.trailerLines = new FieldLines(trailers, limits.headFieldsMax());
  }

  /**
   * Begins a message.
   *
   * @param contentLength bytes of the body, at least zero, for {@link Framing#LENGTH}; else ignored
   */
  public void start(Framing framing, long contentLength) {
    this.framing = framing;
    refusal = null;
    stopped = false;
    received = 0;
    remaining = framing == Framing.LENGTH ? contentLength : Long.MAX_VALUE;
    trailerBytes.reset();
    trailers.reset();
    trailerLines.reset();
    chunkLine.reset();
    state =
        switch (framing) {
          case NONE -> State.ENDED;
          case LENGTH -> contentLength == 0 ? State.ENDED : State.DATA;
          case UNTIL_CLOSE -> State.DATA;
          case CHUNKED -> State.CHUNK_LINE;
        };
  }

  /**
   * Reads on: uses the bytes of {@code in} that belong to this message and hands the payload among
   * them to {@code sink}; neither keeps nor releases {@code in} itself. On {@link Progress#DONE}
   * what is left in {@code in} belongs to the next message. After {@link #stop()} it returns {@link
   * Progress#MORE} at once and uses nothing.
   */
  public Progress decode(ByteBuf in, Sink sink) {
    boolean moving = true;
    while (moving && !stopped && in.isReadable() && isOpen()) {
      moving = step(in, sink);
    }
    flush(sink);
    return progress();
  }

  /**
   * The peer closed its side. {@link Progress#DONE} for a body that was to end so, or had ended;
   * else {@link Progress#REFUSED} with {@link Refusal#CUT}: the message must not pass for a
   * complete one.
   */
  public Progress inputEnded() {
    if (isOpen()) {
      if (framing == Framing.UNTIL_CLOSE) {
        state = State.ENDED;
      } else {
        refuse(Refusal.CUT);
      }
    }
    return progress();
  }

  /** Ends reading, also from within the sink: what follows in the buffer stays there. */
  public void stop() {
    stopped = true;
  }

  /** The trailer section is not needed any more. The next call is {@link #start}. */
  public void forgetTrailers() {
    if (trailerBytes.taken() + trailers.taken() > 0) {
      trailerBytes.trim();
      trailers.trim();
    }
  }

  /** Why the body is refused; only after {@link Progress#REFUSED}. */
  public Refusal refusal() {
    return Objects.requireNonNull(refusal, "not refused");
  }

  public boolean isDone() {
    return state == State.ENDED;
  }

  public Framing framing() {
    return framing;
  }

  /** Payload bytes handed on since {@link #start}. */
  public long received() {
    return received;
  }

  /** The trailer section of a chunked body, empty for any other; after {@link Progress#DONE}. */
  public Fields trailers() {
    return trailers;
  }

  private boolean isOpen() {
    return state != State.ENDED && state != State.REFUSED;
  }

  private Progress progress() {
    if (state == State.REFUSED) {
      return Progress.REFUSED;
    }
    return state == State.ENDED && !stopped ? Progress.DONE : Progress.MORE;
  }

  /** One step over readable input; false when nothing more can be done with it. */
  private boolean step(ByteBuf in, Sink sink) {
    switch (state) {
      case DATA -> {
        deliver(in, sink);
        if (remaining == 0) {
          state = State.ENDED;
        }
      }
      case CHUNK_LINE -> readChunkLine(in);
      case CHUNK_DATA -> {
        gather(in, sink);
        if (remaining == 0) {
          state = State.CHUNK_CR;
        }
      }
      case CHUNK_CR -> expect(in, Ascii.CR, State.CHUNK_LF);
      case CHUNK_LF -> {
        chunkLine.reset();
        expect(in, Ascii.LF, State.CHUNK_LINE);
      }
      case TRAILERS -> readTrailers(in);
      case ENDED, REFUSED -> {
        return false;
      }
    }
    return true;
  }

  private void deliver(ByteBuf in, Sink sink) {
    int count = (int) Math.min(remaining, in.readableBytes());
    boolean slice = count >= SLICE_BYTES_MIN || (long) count * SLICE_SHARE >= in.capacity();
    ByteBuf data = slice ? in.readRetainedSlice(count) : in.readBytes(count);
    handOn(data, sink);
    if (framing == Framing.LENGTH) {
      remaining -= count;
    }
  }

  private void gather(ByteBuf in, Sink sink) {
    int count = (int) Math.min(remaining, in.readableBytes());
    if (count < SLICE_BYTES_MIN) {
      gatherBuffer(in).writeBytes(in, count);
      remaining -= count;
    } else if (gathered != null) {
      flush(sink);
    } else {
      remaining -= count;
      handOn(in.readRetainedSlice(count), sink);
    }
  }

  private ByteBuf gatherBuffer(ByteBuf in) {
    ByteBuf buffer = gathered;
    if (buffer == null) {
      buffer = in.alloc().buffer(Math.min(in.readableBytes(), 4 * SLICE_BYTES_MIN));
      gathered = buffer;
    }
    return buffer;
  }

  private void flush(Sink sink) {
    ByteBuf data = gathered;
    if (data != null) {
      gathered = null;
      handOn(data, sink);
    }
  }

  private void handOn(ByteBuf data, Sink sink) {
    received += data.readableBytes();
    sink.bodyData(data);
  }

  private void readChunkLine(ByteBuf in) {
    chunkLine.read(in);
    Refusal why = chunkLine.refusal();
    if (why != null) {
      refuse(why);
    } else if (chunkLine.isEnded()) {
      remaining = chunkLine.size();
      state = remaining == 0 ? State.TRAILERS : State.CHUNK_DATA;
    }
  }

  private void expect(ByteBuf in, byte wanted, State next) {
    if (in.readByte() == wanted) {
      state = next;
    } else {
      refuse(Refusal.CHUNK_END);
    }
  }

  private void readTrailers(ByteBuf in) {
    int before = trailerBytes.length();
    if (trailerBytes.copyFrom(in, trailerBytesMax + 1) < 0) {
      refuse(Refusal.NO_MEMORY);
      return;
    }
    int length = trailerBytes.length();
    int to = Math.min(length, trailerBytesMax);
    int position = trailerLines.scan(trailerBytes.array(), before, to);
    in.skipBytes(position - before);
    trailerBytes.truncate(position);
    Refusal why = trailerLines.refusal();
    if (why != null) {
      refuse(why);
    } else if (trailerLines.isEnded()) {
      state = State.ENDED;
    } else if (length > to) {
      refuse(Refusal.TRAILERS_TOO_LARGE);
    }
  }

  private void refuse(Refusal why) {
    refusal = why;
    state = State.REFUSED;
  }
}
