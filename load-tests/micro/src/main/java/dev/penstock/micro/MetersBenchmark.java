package dev.penstock.micro;

import dev.penstock.core.observe.ExchangeRecord;
import dev.penstock.core.observe.MetricsMode;
import dev.penstock.core.observe.RouteIdentity;
import dev.penstock.core.observe.RouteMeterTable;
import dev.penstock.core.observe.RouteMeters;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** All metrics of one request: its begin and its end. With requests spread over the routes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MetersBenchmark {
  private static final int TURNS = 1 << 14;

  @Param({"1", "1000"})
  int routes;

  private final RouteMeters[] turns = new RouteMeters[TURNS];
  private ExchangeRecord record = new ExchangeRecord();
  private int next;

  @Setup
  public void make() {
    RouteMeterTable table = new RouteMeterTable(1, MetricsMode.NATIVE);
    RouteMeters[] all = new RouteMeters[routes];
    for (int i = 0; i < routes; i++) {
      RouteIdentity identity = Records.route(i);
      all[i] = table.acquire(identity);
    }
    Random random = new Random(1);
    for (int i = 0; i < TURNS; i++) turns[i] = all[random.nextInt(routes)];
    record = Records.answered(all[0].identity());
  }

  /** What an exchange does for its metrics. */
  @Benchmark
  public void beginAndRecord() {
    RouteMeters.Cell cell = turns[next++ & TURNS - 1].cell(0);
    cell.begin();
    cell.record(record);
  }
}
