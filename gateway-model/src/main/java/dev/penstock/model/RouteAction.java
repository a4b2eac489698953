package dev.penstock.model;

import java.util.List;

/** What a route does with its requests. */
public sealed interface RouteAction {
  /**
   * Proxies to one of the upstreams.
   *
   * @param targets at least one; the weights decide the share of each
   */
  record Forward(List<Target> targets) implements RouteAction {
    public Forward {
      targets = List.copyOf(targets);
      if (targets.isEmpty()) throw new IllegalArgumentException("targets must not be empty");
    }

    public static Forward to(Upstream.Id upstream) {
      return new Forward(List.of(new Target(upstream, 1)));
    }
  }

  /**
   * One share of a {@link Forward}.
   *
   * @param upstream must be among the configuration's upstreams
   * @param weight its share is weight / sum of weights; 0 = none
   */
  record Target(Upstream.Id upstream, int weight) {
    public Target {
      Check.inRange("weight", weight, 0, 1_000_000);
    }
  }

  /**
   * Answers without a backend: a route that must not open (a security setting that cannot be
   * honoured, a backend that does not exist).
   *
   * @param status 400–599
   * @param why said in the log and by {@code penstock routes}, never to the client
   */
  record Respond(int status, String why) implements RouteAction {
    public Respond {
      Check.inRange("status", status, 400, 599);
      Check.notBlank("why", why);
    }
  }
}
