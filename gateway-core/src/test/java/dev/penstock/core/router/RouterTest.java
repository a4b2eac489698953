package dev.penstock.core.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.penstock.model.HostPattern;
import dev.penstock.model.PathMatch;
import dev.penstock.model.Route;
import dev.penstock.model.VirtualHost;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RouterTest {
  private static final VirtualHost FOO = host("foo.com", "/", "/a");
  private static final VirtualHost BAR = host("bar.com", "/b");
  private static final VirtualHost WILDCARD = host("*.com", "/");
  private static final VirtualHost ANY = host("", "/default");

  /** Remembers what it was asked to compile; its result is a new object each time. */
  private static final class Recorder implements Router.RouteCompiler<Recorder.Compiled> {
    record Compiled(String text, Object identity) {}

    private final List<String> compiled = new ArrayList<>();

    @Override
    public Compiled compile(VirtualHost host, Route route) {
      String text = host.host() + route.match().text();
      compiled.add(text);
      return new Compiled(text, new Object());
    }
  }

  @Test
  void aPreciseHostDecidesEvenWhereNoneOfItsPathsTakesTheRequest() {
    Router<String> router = compile(List.of(BAR, WILDCARD, ANY));
    assertThat(find(router, "bar.com", "/b/c")).isEqualTo("bar.com/b");
    assertThat(find(router, "bar.com", "/c")).isNull();
    assertThat(find(router, "baz.com", "/c")).isEqualTo("*.com/");
    assertThat(find(router, "baz.org", "/default")).isEqualTo("*/default");
    assertThat(find(router, "baz.org", "/")).isNull();
  }

  @Test
  void theEmptyRouterFindsNothing() {
    assertThat(find(Router.<String>empty(), "foo.com", "/")).isNull();
  }

  @Test
  void aHostThatDidNotChangeKeepsItsTree() {
    Recorder recorder = new Recorder();
    Router<Recorder.Compiled> first =
        Router.compile(Router.empty(), List.of(FOO, BAR, ANY), recorder);
    recorder.compiled.clear();
    Router<Recorder.Compiled> second =
        Router.compile(
            first,
            List.of(host("bar.com", "/b", "/new"), host("foo.com", "/", "/a"), ANY),
            recorder);
    assertThat(recorder.compiled).containsExactly("bar.com/new");
    assertThat(paths(second, "foo.com")).isSameAs(paths(first, "foo.com"));
    assertThat(paths(second, "other.org")).isSameAs(paths(first, "other.org"));
    assertThat(paths(second, "bar.com")).isNotSameAs(paths(first, "bar.com"));
    assertThat(find(second, "bar.com", "/b")).isSameAs(find(first, "bar.com", "/b"));
  }

  @Test
  void aChangedRouteIsCompiledAgainAndItsNeighboursAreNot() {
    Recorder recorder = new Recorder();
    Router<Recorder.Compiled> first = Router.compile(Router.empty(), List.of(FOO), recorder);
    recorder.compiled.clear();
    Route changed = RandomTables.route(new PathMatch.Prefix("/a"), 2);
    VirtualHost foo = new VirtualHost(FOO.host(), List.of(FOO.routes().getLast(), changed));
    Router<Recorder.Compiled> second = Router.compile(first, List.of(foo), recorder);
    assertThat(recorder.compiled).containsExactly("foo.com/a");
    assertThat(find(second, "foo.com", "/")).isSameAs(find(first, "foo.com", "/"));
    assertThat(find(second, "foo.com", "/a")).isNotSameAs(find(first, "foo.com", "/a"));
  }

  @Test
  void whatIsNotTakenOverIsReplacedAndNothingElse() {
    Recorder recorder = new Recorder();
    Router<Recorder.Compiled> first =
        Router.compile(Router.empty(), List.of(FOO, BAR, WILDCARD, ANY), recorder);
    VirtualHost changed = host("foo.com", "/", "/new");
    VirtualHost equal = host("*.com", "/");
    Router<Recorder.Compiled> second =
        Router.compile(first, List.of(host("zoo.com", "/"), changed, equal, ANY), recorder);
    assertThat(replaced(first, second)).containsExactly("bar.com/b", "foo.com/a");
    assertThat(replaced(second, first)).containsExactly("foo.com/new", "zoo.com/");
    assertThat(replaced(second, Router.compile(second, second.hosts(), recorder))).isEmpty();
    assertThat(replaced(second, Router.empty())).hasSize(5);
    assertThat(replaced(Router.empty(), second)).isEmpty();
  }

  private static List<String> replaced(
      Router<Recorder.Compiled> before, Router<Recorder.Compiled> now) {
    List<String> replaced = new ArrayList<>();
    before.forEachReplaced(now, compiled -> replaced.add(compiled.text));
    return replaced;
  }

  @Test
  void aHostThatLeavesIsNoLongerFound() {
    Router<String> first = compile(List.of(FOO, BAR));
    Router<String> second = Router.compile(first, List.of(FOO), RouterTest::text);
    assertThat(find(second, "bar.com", "/b")).isNull();
    assertThat(find(second, "foo.com", "/b")).isEqualTo("foo.com/");
  }

  @Test
  void routesAreListedByHostAndPrecedence() {
    assertThat(compile(List.of(FOO, BAR, ANY)).describe())
        .isEqualTo(
            """
            * Prefix[path=/default]
            bar.com Prefix[path=/b]
            foo.com Prefix[path=/a]
            foo.com Prefix[path=/]
            """);
  }

  @Test
  void aRouteWhoseRegexCannotBeCompiledIsReportedByEveryRouterThatHoldsIt() {
    Route bad = RandomTables.route(new PathMatch.Regex("/(", false), 1);
    VirtualHost host = new VirtualHost(new HostPattern("foo.com"), List.of(bad));
    Router<String> first = compile(List.of(host, BAR));
    Router<String> second = Router.compile(first, List.of(host), RouterTest::text);
    for (Router<String> router : List.of(first, second)) {
      assertThat(router.faults())
          .singleElement()
          .satisfies(fault -> {
            assertThat(fault.host()).isEqualTo(host);
            assertThat(fault.route()).isEqualTo(bad);
            assertThat(fault.why()).contains("not an RE2 expression");
          });
    }
    assertThat(find(first, "bar.com", "/b")).isEqualTo("bar.com/b");
  }

  @Test
  void aLookUpAllocatesNothing() {
    Router<String> router = compile(List.of(FOO, BAR, WILDCARD, ANY));
    byte[][] requests = {
      request("foo.com", "/a/b/c"), request("X.COM.", "/"), request("none", "/default/"),
    };
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    threads.getCurrentThreadAllocatedBytes();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) { // the JVM links call sites in the first
      long before = threads.getCurrentThreadAllocatedBytes();
      int found = lookUp(router, requests, 100_000);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      assertThat(found).isEqualTo(100_000);
    }
    assertThat(least).as("bytes").isZero();
  }

  private static int lookUp(Router<String> router, byte[][] requests, int times) {
    int found = 0;
    for (int i = 0; i < times; i++) {
      byte[] request = requests[i % requests.length];
      int slash = 0;
      while (request[slash] != '/') slash++;
      if (router.find(request, 0, slash, slash, request.length) != null) found++;
    }
    return found;
  }

  private static Router<String> compile(List<VirtualHost> hosts) {
    return Router.compile(Router.empty(), hosts, RouterTest::text);
  }

  private static String text(VirtualHost host, Route route) {
    return host.host() + route.match().text();
  }

  private static VirtualHost host(String name, String... prefixes) {
    List<Route> routes = new ArrayList<>();
    for (String prefix : prefixes) {
      routes.add(RandomTables.route(new PathMatch.Prefix(prefix), 1));
    }
    return new VirtualHost(new HostPattern(name), routes);
  }

  private static <T> @Nullable T find(Router<T> router, String host, String path) {
    byte[] bytes = request(host, path);
    return router.find(bytes, 0, host.length(), host.length(), bytes.length);
  }

  private static <T> @Nullable PathTree<T> paths(Router<T> router, String host) {
    return router.paths(request(host, ""), 0, host.length());
  }

  private static byte[] request(String host, String path) {
    return (host + path).getBytes(StandardCharsets.US_ASCII);
  }
}
