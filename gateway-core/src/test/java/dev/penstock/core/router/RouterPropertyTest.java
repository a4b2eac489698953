package dev.penstock.core.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Route;
import dev.penstock.model.VirtualHost;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tables and requests are random; to repeat a run, put its seed in {@link #seed}. */
class RouterPropertyTest {
  private static final Logger SEEDS = LoggerFactory.getLogger("seed");

  private static final int TABLES = 2_500;
  private static final int REQUESTS_PER_TABLE = 400;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final RandomTables tables = new RandomTables(random);

  @BeforeEach
  void sayTheSeed() {
    SEEDS.info("{}: {}", getClass().getSimpleName(), seed);
  }

  @Test
  void aMillionRequestsFindWhatTheNaiveMatcherFinds() {
    int found = 0;
    for (int i = 0; i < TABLES; i++) {
      List<VirtualHost> hosts = tables.hosts();
      NaiveRouter naive = new NaiveRouter(hosts);
      Router<Route> router = Router.compile(Router.empty(), hosts, (host, route) -> route);
      for (int j = 0; j < REQUESTS_PER_TABLE; j++) {
        if (agree(naive, router, tables.requestHost(), tables.path())) found++;
      }
    }
    assertThat(found).as("routes found").isGreaterThan(TABLES * REQUESTS_PER_TABLE / 10);
  }

  @Test
  void aRouterCompiledChangeByChangeEqualsOneCompiledAtOnce() {
    Router<Route> router = Router.empty();
    List<VirtualHost> hosts = List.of();
    for (int i = 0; i < 2_000; i++) {
      hosts = changed(hosts);
      router = Router.compile(router, hosts, (host, route) -> route);
      List<VirtualHost> shuffled = new ArrayList<>(hosts);
      Collections.shuffle(shuffled, random);
      Router<Route> atOnce = Router.compile(Router.empty(), shuffled, (host, route) -> route);
      assertThat(visited(router)).as("seed %d", seed).isEqualTo(visited(atOnce));
      assertThat(router.describe()).isEqualTo(atOnce.describe());
      NaiveRouter naive = new NaiveRouter(hosts);
      for (int j = 0; j < 20; j++) agree(naive, router, tables.requestHost(), tables.path());
    }
  }

  private List<VirtualHost> changed(List<VirtualHost> hosts) {
    List<VirtualHost> next = new ArrayList<>(hosts);
    Collections.shuffle(next, random);
    if (!next.isEmpty() && random.nextInt(3) > 0) next.removeLast();
    for (VirtualHost fresh : tables.hosts().stream().limit(2).toList()) {
      if (next.stream().noneMatch(host -> host.host().equals(fresh.host()))) next.add(fresh);
    }
    if (!next.isEmpty()) {
      VirtualHost last = next.removeLast();
      List<Route> routes = new ArrayList<>(last.routes());
      if (!routes.isEmpty()) routes.removeLast();
      next.add(new VirtualHost(last.host(), random.nextBoolean() ? routes : tables.routes()));
    }
    return next;
  }

  private static List<Object> visited(Router<Route> router) {
    List<Object> visited = new ArrayList<>();
    router.forEach((host, route, compiled) -> Collections.addAll(visited, host, route, compiled));
    return visited;
  }

  /** Whether a route was found. */
  private boolean agree(NaiveRouter naive, Router<Route> router, String host, String path) {
    byte[] bytes = ("x" + host + "x" + path + "x").getBytes(StandardCharsets.US_ASCII);
    int pathStart = host.length() + 2;
    @Nullable Route actual =
        router.find(bytes, 1, 1 + host.length(), pathStart, pathStart + path.length());
    Route expected = naive.find(host, path);
    if (!Objects.equals(actual, expected)) {
      assertThat(actual)
          .as("seed %d, host '%s', path '%s' in%n%s", seed, host, path, router.describe())
          .isEqualTo(expected);
    }
    return actual != null;
  }
}
