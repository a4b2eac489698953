package dev.penstock.core.router;

import dev.penstock.model.HostPattern;
import dev.penstock.model.PathMatch;
import dev.penstock.model.Route;
import dev.penstock.model.VirtualHost;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Every route, by host and path. Compiled on the control thread from the previous router, of which
 * it takes over what did not change; looked up by any thread; immutable.
 *
 * <p>A host that is found decides: where none of its paths takes the request there is no route, and
 * no wildcard or default host is asked (as ingress-nginx).
 *
 * @param <T> what a route compiles to
 */
public final class Router<T> {
  /** What the caller of {@link #compile} knows about routes; called on the compiling thread. */
  @FunctionalInterface
  public interface RouteCompiler<T> {
    /**
     * Called once for each route that is new or changed. A route that equals one of the previous
     * router keeps what that was compiled to, so the result may depend on nothing that changes
     * while the route does not.
     */
    T compile(VirtualHost host, Route route);
  }

  /** Sees routes in order. */
  @FunctionalInterface
  public interface RouteVisitor<T> {
    void visit(VirtualHost host, Route route, T compiled);
  }

  /** A route that can take no request, because its regex cannot be compiled. */
  public record Fault(VirtualHost host, Route route, String why) {}

  /** One host, and what its routes compiled to, in the order of its routes. */
  private record HostRoutes<T>(VirtualHost host, List<T> compiled, PathTree<T> tree) {}

  private static final Router<?> EMPTY =
      new Router<>(List.of(), HostTable.of(List.of(), List.of()));

  /** Sorted by host. */
  private final List<HostRoutes<T>> hosts;

  private final HostTable<PathTree<T>> table;

  private Router(List<HostRoutes<T>> hosts, HostTable<PathTree<T>> table) {
    this.hosts = hosts;
    this.table = table;
  }

  /** No route. */
  @SuppressWarnings("unchecked") // it holds no T
  public static <T> Router<T> empty() {
    return (Router<T>) EMPTY;
  }

  /**
   * Costs a glance at each host, and work for those that are another object than in the previous
   * router; for those that are not even equal to it, of their routes that changed.
   *
   * @param previous {@link #empty()} at first. Hosts that did not change keep their tree, routes
   *     that did not change keep what they were compiled to
   * @param hosts in any order, best sorted; no two of the same host
   */
  public static <T> Router<T> compile(
      Router<T> previous, List<VirtualHost> hosts, RouteCompiler<T> compiler) {
    List<VirtualHost> sorted = new ArrayList<>(hosts);
    sorted.sort(Comparator.comparing(VirtualHost::host));
    List<HostRoutes<T>> compiled = new ArrayList<>(sorted.size());
    List<HostPattern> patterns = new ArrayList<>(sorted.size());
    List<PathTree<T>> trees = new ArrayList<>(sorted.size());
    int before = 0;
    for (VirtualHost host : sorted) {
      while (!previous.hasAt(before, host) && previous.hostBefore(before, host.host())) before++;
      HostRoutes<T> known = previous.hostAt(before, host);
      if (known != null) before++;
      HostRoutes<T> entry = compile(known, host, compiler);
      compiled.add(entry);
      patterns.add(host.host());
      trees.add(entry.tree);
    }
    return new Router<>(List.copyOf(compiled), previous.table.with(patterns, trees));
  }

  @SuppressWarnings("ReferenceEquality") // only a glance: what is another object is compared
  private boolean hasAt(int position, VirtualHost host) {
    return position < hosts.size() && hosts.get(position).host == host;
  }

  private boolean hostBefore(int position, HostPattern host) {
    return position < hosts.size() && hosts.get(position).host.host().compareTo(host) < 0;
  }

  private @Nullable HostRoutes<T> hostAt(int position, VirtualHost host) {
    if (position == hosts.size()) return null;
    HostRoutes<T> candidate = hosts.get(position);
    boolean same = hasAt(position, host) || candidate.host.host().equals(host.host());
    return same ? candidate : null;
  }

  @SuppressWarnings("ReferenceEquality") // only a glance: what is another object is compared
  private static <T> HostRoutes<T> compile(
      @Nullable HostRoutes<T> previous, VirtualHost host, RouteCompiler<T> compiler) {
    if (previous != null && previous.host == host) return previous;
    if (previous != null && previous.host.equals(host)) {
      return new HostRoutes<>(host, previous.compiled, previous.tree);
    }
    List<PathTree.Rule<T>> rules = new ArrayList<>(host.routes().size());
    for (Route route : host.routes()) {
      T kept = previous == null ? null : kept(previous, route);
      T value = kept == null ? compiler.compile(host, route) : kept;
      rules.add(new PathTree.Rule<>(route.match(), value));
    }
    List<T> compiled = rules.stream().map(PathTree.Rule::value).toList();
    return new HostRoutes<>(host, compiled, PathTree.of(rules));
  }

  private static <T> @Nullable T kept(HostRoutes<T> previous, Route route) {
    int position = position(previous.host, route.match());
    if (position < 0 || !previous.host.routes().get(position).equals(route)) return null;
    return previous.compiled.get(position);
  }

  /** Where the route of this match stands among the host's routes; negative if there is none. */
  private static int position(VirtualHost host, PathMatch match) {
    int low = 0;
    int high = host.routes().size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      PathMatch candidate = host.routes().get(middle).match();
      int order = PathMatch.MOST_SPECIFIC_FIRST.compare(candidate, match);
      if (order == 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /**
   * What the route of this request was compiled to; null if there is none. Allocates nothing where
   * the host has no regexes.
   *
   * @param bytes read only; host and path in one buffer
   * @param hostStart see {@link HostTable#find}
   * @param pathStart see {@link PathTree#find}
   */
  public @Nullable T find(byte[] bytes, int hostStart, int hostEnd, int pathStart, int pathEnd) {
    PathTree<T> tree = table.find(bytes, hostStart, hostEnd);
    return tree == null ? null : tree.find(bytes, pathStart, pathEnd);
  }

  /**
   * What serves this host name; null if nothing does. For a caller that keeps host and path apart.
   */
  public @Nullable PathTree<T> paths(byte[] bytes, int hostStart, int hostEnd) {
    return table.find(bytes, hostStart, hostEnd);
  }

  /** Hosts in order, the default host first; of each its routes, most specific first. */
  public void forEach(RouteVisitor<T> visitor) {
    for (HostRoutes<T> entry : hosts) {
      List<Route> routes = entry.host.routes();
      for (int i = 0; i < routes.size(); i++) {
        visitor.visit(entry.host, routes.get(i), entry.compiled.get(i));
      }
    }
  }

  public int hostCount() {
    return hosts.size();
  }

  /** Looks at every host. */
  public int routeCount() {
    int count = 0;
    for (HostRoutes<T> entry : hosts) count += entry.compiled.size();
    return count;
  }

  /**
   * What routes of this router were compiled to and no route of {@code next} is. Costs a glance at
   * each host that they share, where {@code next} was compiled from this one.
   */
  public void forEachReplaced(Router<T> next, Consumer<T> visitor) {
    int at = 0;
    for (HostRoutes<T> entry : hosts) {
      if (next.sharesAt(at, entry)) {
        at++;
        continue;
      }
      while (next.hostBefore(at, entry.host.host())) at++;
      forEachReplaced(entry, next.hostAt(at, entry.host), visitor);
    }
  }

  @SuppressWarnings("ReferenceEquality") // another object may still hold the same routes
  private boolean sharesAt(int position, HostRoutes<T> entry) {
    return position < hosts.size() && hosts.get(position) == entry;
  }

  private static <T> void forEachReplaced(
      HostRoutes<T> before, @Nullable HostRoutes<T> now, Consumer<T> visitor) {
    Set<T> kept = Collections.newSetFromMap(new IdentityHashMap<>());
    if (now != null) kept.addAll(now.compiled);
    for (T compiled : before.compiled) {
      if (!kept.contains(compiled)) visitor.accept(compiled);
    }
  }

  /** In order, the default host first. */
  public List<VirtualHost> hosts() {
    return hosts.stream().map(HostRoutes::host).toList();
  }

  /** Routes that can take no request; they come again with every router that holds them. */
  public List<Fault> faults() {
    List<Fault> faults = new ArrayList<>();
    for (HostRoutes<T> entry : hosts) {
      for (PathTree.Fault fault : entry.tree.faults()) {
        int position = position(entry.host, fault.match());
        faults.add(new Fault(entry.host, entry.host.routes().get(position), fault.why()));
      }
    }
    return faults;
  }

  /** One line a route, in the order of {@link #forEach}; equal for equal input. */
  public String describe() {
    StringBuilder lines = new StringBuilder();
    forEach((host, route, compiled) ->
        lines.append(host.host()).append(' ').append(route.match()).append('\n'));
    return lines.toString();
  }
}
