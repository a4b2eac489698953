package dev.penstock.core.router;

import dev.penstock.model.HostPattern;
import dev.penstock.model.PathMatch;
import dev.penstock.model.Route;
import dev.penstock.model.RouteAction;
import dev.penstock.model.RoutePolicy;
import dev.penstock.model.Source;
import dev.penstock.model.VirtualHost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Virtual hosts and requests from so few letters that hosts, wildcards, prefixes, trailing slashes
 * and regexes keep meeting each other.
 */
final class RandomTables {
  private static final String[] LABELS = {"a", "b", "c", "ab"};
  private static final String[] SEGMENTS = {"a", "b", "ab", "aa", "B"};
  private static final String[] REGEXES = {
    "/a",
    "/A",
    "/a$",
    "/a/?b",
    "/(a|b)/",
    "/[^/]+$",
    "/.*b",
    "/a{2}",
    "/",
    "/(a/)*b$",
    "a",
    "/a/b/[ab]*"
  };

  private final Random random;

  RandomTables(Random random) {
    this.random = random;
  }

  List<VirtualHost> hosts() {
    Map<HostPattern, VirtualHost> hosts = new HashMap<>();
    int count = random.nextInt(12);
    for (int i = 0; i < count; i++) {
      HostPattern pattern = pattern();
      hosts.put(pattern, new VirtualHost(pattern, routes()));
    }
    return new ArrayList<>(hosts.values());
  }

  List<Route> routes() {
    Map<PathMatch, Route> routes = new HashMap<>();
    int count = random.nextInt(10);
    boolean withRegexes = random.nextInt(3) == 0;
    for (int i = 0; i < count; i++) {
      PathMatch match = match(withRegexes ? 3 : 2);
      routes.put(match, route(match, random.nextInt(100)));
    }
    return new ArrayList<>(routes.values());
  }

  static Route route(PathMatch match, int number) {
    return new Route(
        match,
        new RouteAction.Respond(503, "number " + number),
        RoutePolicy.DEFAULT,
        "",
        "",
        Source.of("Ingress", "default", "number-" + number));
  }

  private HostPattern pattern() {
    return switch (random.nextInt(8)) {
      case 0 -> HostPattern.ANY;
      case 1, 2, 3 -> new HostPattern("*." + name(1 + random.nextInt(2)));
      default -> new HostPattern(name(1 + random.nextInt(3)));
    };
  }

  private PathMatch match(int kinds) {
    return switch (random.nextInt(kinds)) {
      case 0 -> new PathMatch.Exact(path());
      case 1 -> new PathMatch.Prefix(path());
      default -> new PathMatch.Regex(REGEXES[random.nextInt(REGEXES.length)], random.nextBoolean());
    };
  }

  private String name(int labels) {
    StringBuilder name = new StringBuilder(LABELS[random.nextInt(LABELS.length)]);
    for (int i = 1; i < labels; i++) name.append('.').append(LABELS[random.nextInt(LABELS.length)]);
    return name.toString();
  }

  /** As a client may send it. */
  String requestHost() {
    String name = random.nextInt(30) == 0 ? "" : name(1 + random.nextInt(4));
    if (random.nextInt(20) == 0) name = "." + name;
    if (random.nextInt(10) == 0) name = name + ".";
    return random.nextInt(4) == 0 ? name.toUpperCase(java.util.Locale.ROOT) : name;
  }

  String path() {
    int segments = random.nextInt(5);
    if (segments == 0) return "/";
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < segments; i++) {
      path.append('/').append(SEGMENTS[random.nextInt(SEGMENTS.length)]);
    }
    if (random.nextInt(4) == 0) path.append('/');
    return path.toString();
  }
}
