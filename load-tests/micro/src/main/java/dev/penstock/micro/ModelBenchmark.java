package dev.penstock.micro;

import dev.penstock.model.Publication;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The part of every change that the model costs: a new, checked {@link Publication} of objects of
 * which nearly all were there before.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ModelBenchmark {
  private static final int ROUTES_PER_HOST = 2;

  @Param("5000")
  int hosts;

  /** Whether every host has a certificate. */
  @Param({"false", "true"})
  boolean tls;

  private World world = World.of(1, 1);

  @Setup
  public void make() {
    world = tls ? World.withCertificates(hosts, ROUTES_PER_HOST) : World.of(hosts, ROUTES_PER_HOST);
  }

  /** Sorted, and checked to be complete in itself. */
  @Benchmark
  public Publication publication() {
    return world.publication();
  }
}
