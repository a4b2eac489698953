package dev.penstock.core.observe;

import dev.penstock.core.meter.Tally;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.atomic.SpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line per exchange. Every event loop writes its lines into a block of its own and hands full
 * blocks to one writer thread, which gives them back when they are written; so a slow disk or a
 * blocked pipe never holds up a request. When all blocks of a loop wait for the writer, its lines
 * are dropped and counted.
 */
public final class AccessLog implements AutoCloseable {
  /** Handed over when this full: few system calls, and still small beside the loop's buffers. */
  static final int BLOCK_BYTES = 64 * 1024;

  /** Per loop: what a target that stands still may hold back, some 3,000 lines. */
  static final int BLOCKS_MAX = 8;

  /** The writer looks by itself this often, should a wake-up be lost. */
  private static final long PARK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A target that refuses is reported this often, not once per block. */
  private static final long REPORT_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** How long {@link #close} waits for the target to take what is left. */
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);

  private final @Nullable Target target;
  private final AtomicBoolean reopenAsked = new AtomicBoolean();
  private final List<LoopLog> loops = new ArrayList<>();
  private final AtomicLong unwritten = new AtomicLong();

  /** Of the writer: lines and bytes. */
  private final Tally written = new Tally(2);

  private final @Nullable Thread writer;
  private volatile boolean closing;
  private long lastReportNanos;

  private AccessLog(
      @Nullable LogFormat format, @Nullable Target target, int loopCount, ZoneId zone) {
    this.target = target;
    for (int i = 0; i < loopCount; i++) loops.add(new LoopLog(this, format, zone));
    this.lastReportNanos = System.nanoTime() - REPORT_NANOS;
    this.writer = target == null ? null : new Thread(this::run, "penstock-access-log");
  }

  /**
   * Starts the writer.
   *
   * @param target taken over: closed at {@link #close}. For standard output {@code new
   *     FileOutputStream(FileDescriptor.out).getChannel()}
   * @param loops number of event loops
   */
  public static AccessLog open(LogFormat format, WritableByteChannel target, int loops) {
    return open(format, target, loops, ZoneId.systemDefault());
  }

  static AccessLog open(LogFormat format, WritableByteChannel target, int loops, ZoneId zone) {
    return start(format, new Target(target, null), loops, zone);
  }

  /** Makes a target: at the beginning, and at every {@link #reopen}. */
  @FunctionalInterface
  public interface Opener {
    WritableByteChannel open() throws IOException;
  }

  /**
   * Starts the writer on a target that can be opened anew.
   *
   * @param loops number of event loops
   * @throws IOException when the target cannot be opened; then nothing was started
   */
  public static AccessLog open(LogFormat format, Opener opener, int loops) throws IOException {
    return start(format, new Target(opener.open(), opener), loops, ZoneId.systemDefault());
  }

  private static AccessLog start(LogFormat format, Target target, int loops, ZoneId zone) {
    AccessLog log = new AccessLog(format, target, loops, zone);
    Thread writer = log.writer;
    if (writer != null) {
      writer.setDaemon(true);
      writer.start();
    }
    return log;
  }

  /** Writes nothing and costs nothing. */
  public static AccessLog off(int loops) {
    return new AccessLog(null, null, loops, ZoneId.systemDefault());
  }

  /**
   * The log of an event loop, to be used on that loop only.
   *
   * @param loopIndex 0 to the number of loops - 1
   */
  public LoopLog forLoop(int loopIndex) {
    return loops.get(loopIndex);
  }

  /** Lines that were not written since the start, because the target was too slow or refused. */
  public long droppedLines() {
    long sum = unwritten.get();
    for (LoopLog loop : loops) sum += loop.dropped();
    return sum;
  }

  /** Lines that the target has taken since the start. */
  public long writtenLines() {
    return written.get(0);
  }

  /** Bytes of these lines. */
  public long writtenBytes() {
    return written.get(1);
  }

  /**
   * Opens the target anew, for example because the file was renamed: after the lines that have been
   * handed over, between two lines. Any thread; does not wait. Without an {@link Opener} it does
   * nothing.
   */
  public void reopen() {
    reopenAsked.set(true);
    wakeWriter();
  }

  /**
   * Writes what is left and ends the writer; waits five seconds at most. The event loops must have
   * stopped before: what they logged is taken over from their blocks here.
   */
  @Override
  public void close() {
    Thread thread = writer;
    if (thread == null || closing) return;
    for (LoopLog loop : loops) loop.flush();
    closing = true;
    LockSupport.unpark(thread);
    try {
      if (thread.join(CLOSE_WAIT)) return;
      thread.interrupt(); // closes an interruptible channel, so a write that hangs ends
      thread.join(CLOSE_WAIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void wakeWriter() {
    LockSupport.unpark(writer);
  }

  private void run() {
    Target to = target;
    if (to == null) return;
    try (to) {
      boolean last;
      do {
        last = closing;
        int blocks = drain(to);
        if (reopenAsked.getAndSet(false)) to.reopen();
        else if (blocks == 0 && !last) LockSupport.parkNanos(this, PARK_NANOS);
      } while (!last);
    } catch (IOException e) {
      LOG.warn("The access log could not be closed", e);
    }
  }

  private int drain(Target to) {
    int blocks = 0;
    for (LoopLog loop : loops) {
      for (Block block = loop.full.poll(); block != null; block = loop.full.poll()) {
        write(to, block);
        loop.free.offer(block.empty());
        blocks++;
      }
    }
    return blocks;
  }

  private void write(Target to, Block block) {
    ByteBuffer lines = ByteBuffer.wrap(block.bytes, 0, block.length);
    int whole = block.lines;
    try {
      to.write(lines);
    } catch (IOException e) {
      whole = block.linesBefore(lines.position());
      unwritten.addAndGet(block.lines - whole);
      report(e);
    }
    written.add(0, whole);
    written.add(1, lines.position());
  }

  private void report(IOException why) {
    long now = System.nanoTime();
    if (now - lastReportNanos < REPORT_NANOS) return;
    lastReportNanos = now;
    LOG.atError()
        .addKeyValue("reason", why.toString())
        .addKeyValue("lines", unwritten.get())
        .log("The access log's target refuses; lines are lost");
  }

  /** Where lines go. Touched by the writer only. */
  private static final class Target implements AutoCloseable {
    private final @Nullable Opener opener;
    private WritableByteChannel channel;
    private boolean isTorn;

    Target(WritableByteChannel channel, @Nullable Opener opener) {
      this.channel = channel;
      this.opener = opener;
    }

    /** Whole lines; after a failure it may be that the target has but a part of them. */
    void write(ByteBuffer lines) throws IOException {
      if (isTorn) { // so that the next line does not become the end of a half one
        channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
        isTorn = false;
      }
      int first = lines.position();
      try {
        while (lines.hasRemaining()) channel.write(lines);
      } catch (IOException e) {
        isTorn = lines.position() > first;
        throw e;
      }
    }

    /** When it cannot be opened anew, the old target is written to as before. */
    void reopen() {
      if (opener == null) return;
      WritableByteChannel before = channel;
      try {
        channel = opener.open();
        isTorn = false;
        before.close();
      } catch (IOException e) {
        LOG.atError()
            .addKeyValue("reason", e.toString())
            .log("The access log could not be opened anew; it goes on in the same file");
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /** Owned by the loop while it fills, by the writer while it is written; handed over by queue. */
  private static final class Block {
    final byte[] bytes = new byte[BLOCK_BYTES + LineBuffer.LINE_MAX];
    int length;
    int lines;

    int linesBefore(int end) {
      int count = 0;
      for (int i = 0; i < end; i++) if (bytes[i] == '\n') count++;
      return count;
    }

    Block empty() {
      length = 0;
      lines = 0;
      return this;
    }
  }

  /** The lines of one event loop. */
  public static final class LoopLog {
    private final AccessLog log;
    private final @Nullable LogTemplate template;
    private final boolean enabled;
    private final LineBuffer line;
    private final LogVariable.Output text;
    private final JsonLine json;
    private final SpscAtomicArrayQueue<Block> full = new SpscAtomicArrayQueue<>(BLOCKS_MAX);
    private final SpscAtomicArrayQueue<Block> free = new SpscAtomicArrayQueue<>(BLOCKS_MAX);
    private final long[] dropped = new long[1];
    private @Nullable Block current;
    private int blocksMade;

    private LoopLog(AccessLog log, @Nullable LogFormat format, ZoneId zone) {
      this.log = log;
      this.enabled = format != null;
      this.template = format instanceof LogFormat.Text text ? text.template() : null;
      this.line = new LineBuffer(new LogClock(zone));
      this.text = new LogVariable.Output(line);
      this.json = new JsonLine(line);
    }

    /** Writes the line of an exchange that has ended. Keeps nothing of the record. */
    public void log(ExchangeRecord exchange) {
      if (!enabled) return;
      Block block = current;
      if (block == null) current = block = nextBlock();
      if (block == null) {
        RouteMeters.increase(dropped, 0, 1);
        return;
      }
      line.beginLine(block.bytes, block.length);
      if (template != null) template.append(exchange, text);
      else json.append(exchange);
      block.length = line.endLine();
      block.lines++;
      if (block.length >= BLOCK_BYTES) handOver(block);
    }

    /** Hands over what there is. To be called some five to ten times a second, and at the end. */
    public void flush() {
      Block block = current;
      if (block != null && block.length > 0) handOver(block);
    }

    private void handOver(Block block) {
      boolean taken = full.offer(block); // as many places as there are blocks
      assert taken;
      current = null;
      log.wakeWriter();
    }

    private @Nullable Block nextBlock() {
      Block block = free.poll();
      if (block != null || blocksMade == BLOCKS_MAX) return block;
      blocksMade++;
      return new Block();
    }

    private long dropped() {
      return RouteMeters.read(dropped, 0);
    }
  }
}
