package dev.penstock.model;

import java.util.List;

/**
 * The routes of one host.
 *
 * @param host {@link HostPattern#ANY} for requests that no other host takes
 * @param routes no two with an equal match; kept most specific first
 */
public record VirtualHost(HostPattern host, List<Route> routes) {
  public VirtualHost {
    routes =
        routes.stream()
            .sorted((a, b) -> PathMatch.MOST_SPECIFIC_FIRST.compare(a.match(), b.match()))
            .toList();
    for (int i = 1; i < routes.size(); i++) {
      if (routes.get(i).match().equals(routes.get(i - 1).match())) {
        throw new IllegalArgumentException(
            "routes of host '" + host + "' hold " + routes.get(i).match() + " twice");
      }
    }
  }
}
