package dev.penstock.core.router;

import dev.penstock.model.PathMatch;
import dev.penstock.model.Route;
import dev.penstock.model.VirtualHost;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules as they read in words, with strings, lists and the JDK's regexes. */
final class NaiveRouter {
  private record Candidate(Route route, Predicate<String> takes) {}

  private final Map<String, List<Candidate>> hosts = new HashMap<>();

  NaiveRouter(List<VirtualHost> virtualHosts) {
    for (VirtualHost host : virtualHosts) {
      List<Candidate> candidates = new ArrayList<>();
      host.routes().stream()
          .sorted((a, b) -> PathMatch.MOST_SPECIFIC_FIRST.compare(a.match(), b.match()))
          .forEach(route -> candidates.add(new Candidate(route, predicate(route.match()))));
      hosts.put(host.host().text(), candidates);
    }
  }

  @Nullable Route find(String requestHost, String path) {
    String host = requestHost.toLowerCase(Locale.ROOT);
    if (host.endsWith(".")) host = host.substring(0, host.length() - 1);
    List<Candidate> candidates = host.isEmpty() ? null : hosts.get(host);
    int dot = host.indexOf('.');
    if (candidates == null && dot > 0) candidates = hosts.get("*" + host.substring(dot));
    if (candidates == null) candidates = hosts.getOrDefault("", List.of());
    for (Candidate candidate : candidates) {
      if (candidate.takes.test(path)) return candidate.route;
    }
    return null;
  }

  private static Predicate<String> predicate(PathMatch match) {
    return switch (match) {
      case PathMatch.Exact(String rule) -> rule::equals;
      case PathMatch.Prefix(String rule) -> {
        List<String> wanted = segments(rule);
        yield path -> {
          List<String> segments = segments(path);
          return segments.size() >= wanted.size()
              && segments.subList(0, wanted.size()).equals(wanted);
        };
      }
      case PathMatch.Regex(String rule, boolean caseInsensitive) -> {
        Pattern pattern = Pattern.compile(rule, caseInsensitive ? Pattern.CASE_INSENSITIVE : 0);
        yield path -> pattern.matcher(path).lookingAt();
      }
    };
  }

  private static List<String> segments(String path) {
    return Arrays.stream(path.split("/")).filter(segment -> !segment.isEmpty()).toList();
  }
}
