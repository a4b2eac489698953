package dev.penstock.micro;

import dev.penstock.core.Gateway;
import dev.penstock.core.GatewayOptions;
import dev.penstock.core.host.TransportChoice;
import dev.penstock.core.observe.AccessLog;
import dev.penstock.core.observe.MetricsMode;
import dev.penstock.core.observe.RouteMeterTable;
import dev.penstock.model.Publication;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
 * One object of many changes: what the data plane costs, from the model to what is served.
 * Everything that did not change is the same object as before. Nothing listens.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChangeBenchmark {
  private static final int LOOPS = 1;
  private static final int ROUTES_PER_HOST = 2;

  @Param("5000")
  int hosts;

  /**
   * HOST: one is added or deleted, in turns; ROUTE: a host goes to another Service; ENDPOINT: the
   * endpoints of a Service get other ports; NOTHING: the same world again.
   */
  @Param({"HOST", "ROUTE", "ENDPOINT", "NOTHING"})
  String change = "";

  /** Whether every host has a certificate. */
  @Param({"false", "true"})
  boolean tls;

  private @Nullable Publication first;
  private @Nullable Publication second;
  private @Nullable Gateway gateway;
  private boolean turn;

  @Setup
  public void publishAll() throws IOException {
    World before =
        tls ? World.withCertificates(hosts, ROUTES_PER_HOST) : World.of(hosts, ROUTES_PER_HOST);
    World after = before.copy();
    switch (change) {
      case "HOST" -> after.addHost(hosts, ROUTES_PER_HOST, 80);
      case "ROUTE" -> after.moveHost(hosts / 2, ROUTES_PER_HOST, 0);
      case "ENDPOINT" -> after.moveEndpoints(hosts / 2, 9090);
      default -> {}
    }
    first = before.publication();
    second = after.publication();
    RouteMeterTable meters = new RouteMeterTable(LOOPS, MetricsMode.NATIVE);
    GatewayOptions options =
        new GatewayOptions(
            LOOPS,
            TransportChoice.AUTO,
            GatewayOptions.CONNECTIONS_MAX,
            AccessLog.off(LOOPS),
            meters,
            "",
            System::nanoTime);
    gateway = Gateway.start(options);
  }

  @TearDown
  public void close() {
    if (gateway != null) gateway.close();
  }

  /** One change. */
  @Benchmark
  public long publish() {
    turn = !turn;
    Publication next = turn ? first : second;
    if (gateway == null || next == null) throw new IllegalStateException("not set up");
    return gateway.publish(next);
  }
}
