package dev.penstock.micro;

import dev.penstock.core.router.Router;
import dev.penstock.model.Route;
import dev.penstock.model.VirtualHost;
import java.nio.charset.StandardCharsets;
import java.util.Random;
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

/**
 * The route of a request, with requests spread at random over all routes, so that a big table is
 * paid for in cache misses as it is in service. The requests themselves are read in the order they
 * lie in memory: in service they have just been parsed.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouterBenchmark {
  private static final int ROUTES_PER_HOST = 10;
  private static final int REQUESTS = 1 << 16;

  @Param({"10", "1000", "100000"})
  int routes;

  private Router<Route> router = Router.empty();
  private byte[] text = {};
  private final int[] hostEnds = new int[REQUESTS];
  private final int[] pathEnds = new int[REQUESTS];
  private int next;

  @Setup
  public void compile() {
    int hosts = routes / ROUTES_PER_HOST;
    World world = World.of(hosts, ROUTES_PER_HOST);
    router = Router.compile(Router.empty(), world.hosts(), RouterBenchmark::itself);
    Random random = new Random(1);
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < REQUESTS; i++) {
      all.append(World.hostName(random.nextInt(hosts)));
      hostEnds[i] = all.length();
      all.append(World.path(random.nextInt(ROUTES_PER_HOST))).append("/1234567");
      pathEnds[i] = all.length();
    }
    text = all.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static Route itself(VirtualHost host, Route route) {
    return route;
  }

  /** Host and path to route. */
  @Benchmark
  public @Nullable Route find() {
    int i = next++ & REQUESTS - 1;
    int start = i == 0 ? 0 : pathEnds[i - 1];
    return router.find(text, start, hostEnds[i], hostEnds[i], pathEnds[i]);
  }
}
