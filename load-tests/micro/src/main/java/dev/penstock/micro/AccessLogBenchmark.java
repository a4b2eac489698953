package dev.penstock.micro;

import dev.penstock.core.observe.AccessLog;
import dev.penstock.core.observe.ExchangeRecord;
import dev.penstock.core.observe.LogFormat;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A line of the access log as its event loop pays for it: formatted into the loop's block, and full
 * blocks handed to the writer, whose target takes everything at once.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AccessLogBenchmark {
  @Param({"nginx", "json"})
  String format = "";

  private static final double DROPPED_SHARE_MAX = 0.01;

  private AccessLog log = AccessLog.off(1);
  private ExchangeRecord record = new ExchangeRecord();
  private long lines;

  @Setup
  public void open() {
    LogFormat compiled = format.equals("json") ? LogFormat.json() : LogFormat.ingressNginx();
    log = AccessLog.open(compiled, new Nowhere(), 1);
    record = Records.answered(Records.route(17));
  }

  /** Lines for which the writer left no block cost next to nothing: they would be the figure. */
  @TearDown
  public void close() {
    long dropped = log.droppedLines();
    log.close();
    if (dropped > lines * DROPPED_SHARE_MAX) {
      throw new IllegalStateException(
          dropped + " of " + lines + " lines were dropped: too busy a machine to measure on");
    }
  }

  /** One line. */
  @Benchmark
  public void line() {
    lines++;
    log.forLoop(0).log(record);
  }

  private static final class Nowhere implements WritableByteChannel {
    @Override
    public int write(ByteBuffer source) {
      int count = source.remaining();
      source.position(source.limit());
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
