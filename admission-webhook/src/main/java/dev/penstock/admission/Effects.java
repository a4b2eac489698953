package dev.penstock.admission;

import dev.penstock.ingress.translate.IngressTranslator.Asked;
import dev.penstock.model.HostPattern;
import dev.penstock.model.PathMatch;
import dev.penstock.model.Route;
import dev.penstock.model.RouteAction;
import dev.penstock.model.RoutePolicy.HttpsRedirect;
import dev.penstock.model.Upstream;
import dev.penstock.model.VirtualHost;
import dev.penstock.model.text.Quote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where requests go after a change that went elsewhere before, and which of those by http are sent
 * to https from now on, or no longer. What nothing answered before is no effect, nor is a new host
 * that only the default backend answered for.
 *
 * <p>Paths stand for the requests to them: each path of a host that either table has is looked up
 * in both. Among regular expressions a path is only compared with itself.
 */
final class Effects {
  /** Paths that are looked up: enough to see what a change does, at a bounded cost. */
  static final int PATHS_MAX = 1_000;

  private static final String NOT_FOUND = "404";
  private static final String REST = "hosts of no rule";

  private final String namespace;
  private final List<String> exempt;
  private final List<String> lines = new ArrayList<>();
  private int paths;

  /** What answers the requests for one host. */
  private record Table(Map<PathMatch, Route> routes, boolean hasRegex) {
    static final Table NOBODY = new Table(Map.of(), false);

    static Table of(@Nullable VirtualHost host) {
      if (host == null) return NOBODY;
      Map<PathMatch, Route> routes = HashMap.newHashMap(host.routes().size());
      boolean hasRegex = false;
      for (Route route : host.routes()) {
        routes.put(bare(route.match()), route);
        hasRegex |= route.match() instanceof PathMatch.Regex;
      }
      return new Table(routes, hasRegex);
    }

    /** A Prefix's trailing slash has no meaning. */
    static PathMatch bare(PathMatch match) {
      return match instanceof PathMatch.Prefix(String path) && path.length() > 1
          ? new PathMatch.Prefix(path.endsWith("/") ? path.substring(0, path.length() - 1) : path)
          : match;
    }

    /**
     * @return null when no route takes the requests
     */
    @Nullable Route find(PathMatch match) {
      Route own = routes.get(match);
      if (own != null || match instanceof PathMatch.Regex) return own;
      String path = match.text();
      while (true) {
        Route prefix = routes.get(new PathMatch.Prefix(path));
        if (prefix != null || path.equals("/")) return prefix;
        path = path.substring(0, Math.max(1, path.lastIndexOf('/')));
      }
    }

    /** Whether {@link #find} can tell. */
    boolean knows(PathMatch match) {
      boolean isCompared = hasRegex || match instanceof PathMatch.Regex;
      return !isCompared || routes.isEmpty() || routes.containsKey(match);
    }
  }

  private Effects(String namespace, List<String> exempt) {
    this.namespace = namespace;
    this.exempt = exempt;
  }

  /**
   * @param namespace whose Services are named by their name alone
   * @return a line for each effect, by host and path
   */
  static List<String> of(Asked before, Asked after, String namespace) {
    Effects effects = new Effects(namespace, after.settings().httpsRedirect().exemptPathPrefixes());
    Map<HostPattern, VirtualHost> then = byHost(before.hosts());
    Map<HostPattern, VirtualHost> now = byHost(after.hosts());
    NavigableSet<HostPattern> changed = new TreeSet<>();
    then.forEach((host, served) -> {
      if (!served.equals(now.get(host))) changed.add(host);
    });
    now.keySet().stream().filter(host -> !then.containsKey(host)).forEach(changed::add);
    for (HostPattern host : changed) {
      VirtualHost took = answering(then, host);
      boolean wasNobodys = took == null || took.host().isAny() && !host.isAny();
      if (!wasNobodys) effects.compare(host, Table.of(took), Table.of(answering(now, host)));
    }
    return effects.lines;
  }

  private static Map<HostPattern, VirtualHost> byHost(List<VirtualHost> hosts) {
    Map<HostPattern, VirtualHost> byHost = HashMap.newHashMap(hosts.size());
    for (VirtualHost host : hosts) byHost.put(host.host(), host);
    return byHost;
  }

  /** A host that is found decides, whatever its paths (as the data plane's router). */
  private static @Nullable VirtualHost answering(
      Map<HostPattern, VirtualHost> hosts, HostPattern host) {
    VirtualHost own = hosts.get(host);
    if (own != null) return own;
    int dot = host.text().indexOf('.');
    if (dot > 0) {
      VirtualHost wildcard = hosts.get(new HostPattern("*" + host.text().substring(dot)));
      if (wildcard != null) return wildcard;
    }
    return hosts.get(HostPattern.ANY);
  }

  private void compare(HostPattern host, Table before, Table after) {
    NavigableSet<PathMatch> matches = new TreeSet<>(PathMatch.MOST_SPECIFIC_FIRST);
    matches.addAll(before.routes.keySet());
    matches.addAll(after.routes.keySet());
    Redirects redirects = new Redirects();
    for (PathMatch match : matches) {
      if (++paths > PATHS_MAX) break;
      Route then = before.find(match);
      if (then == null || !before.knows(match)) continue;
      String went = shown(then);
      Route next = after.find(match);
      String goes = next == null ? NOT_FOUND : shown(next);
      String what =
          "requests " + (isBelow(match, before, after) ? "below " : "to ") + what(host, match);
      if (!after.knows(match)) {
        lines.add(what + " are now left to other rules instead of " + past(went));
      } else if (!goes.equals(went)) {
        lines.add(
            what + present(goes) + " instead of " + (isPlace(goes, went) ? went : past(went)));
      }
      if (next != null && isPlace(goes, went) && !isExempt(match)) {
        redirects.add(match, then, next);
      }
    }
    tell(host, redirects, redirects.begun, "now redirected to https");
    tell(host, redirects, redirects.ended, "no longer redirected to https");
  }

  /** The path itself is an Exact one's. */
  private static boolean isBelow(PathMatch match, Table before, Table after) {
    if (!(match instanceof PathMatch.Prefix(String path))) return false;
    PathMatch exact = new PathMatch.Exact(path);
    return before.routes.containsKey(exact) || after.routes.containsKey(exact);
  }

  private boolean isExempt(PathMatch match) {
    return exempt.stream().anyMatch(match.text()::startsWith);
  }

  /** Of the paths of a host that were looked up and lead to a place before and after. */
  private static final class Redirects {
    private final List<PathMatch> begun = new ArrayList<>(0);
    private final List<PathMatch> ended = new ArrayList<>(0);
    private int seen;

    void add(PathMatch match, Route then, Route next) {
      seen++;
      boolean is = isRedirected(next);
      if (is != isRedirected(then)) (is ? begun : ended).add(match);
    }

    private static boolean isRedirected(Route route) {
      return route.policy().httpsRedirect() != HttpsRedirect.OFF;
    }

    boolean areAll(List<PathMatch> some) {
      return seen > 1 && some.size() == seen;
    }
  }

  /** In one line where all of them change alike. */
  private void tell(HostPattern host, Redirects of, List<PathMatch> changed, String how) {
    if (of.areAll(changed)) {
      lines.add("requests to " + (host.isAny() ? REST : host) + " by http are " + how);
      return;
    }
    for (PathMatch match : changed) {
      lines.add("requests to " + what(host, match) + " by http are " + how);
    }
  }

  private String shown(Route route) {
    return switch (route.action()) {
      case RouteAction.Forward forward ->
          String.join(
              " and ", forward.targets().stream().map(target -> shown(target.upstream())).toList());
      case RouteAction.Respond respond -> Integer.toString(respond.status());
    };
  }

  private String shown(Upstream.Id id) {
    String place = id.namespace().equals(namespace) ? "" : id.namespace() + "/";
    return place + Quote.plain(id.service()) + ":" + Quote.plain(id.port());
  }

  private static boolean isPlace(String goes, String went) {
    return goes.indexOf(':') > 0 && went.indexOf(':') > 0;
  }

  private static String present(String goes) {
    return goes.indexOf(':') > 0 ? " now go to " + goes : " are now answered " + goes;
  }

  private static String past(String went) {
    return went.indexOf(':') > 0 ? "going to " + went : "being answered " + went;
  }

  private static String what(HostPattern host, PathMatch match) {
    String path = Quote.plain(match.text());
    String type =
        switch (match) {
          case PathMatch.Exact ignored -> " (Exact)";
          case PathMatch.Prefix ignored -> "";
          case PathMatch.Regex ignored -> " (a regular expression)";
        };
    return host.isAny() ? path + type + " of " + REST : host + path + type;
  }
}
