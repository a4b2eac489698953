package dev.penstock.scenarios;

import dev.penstock.scenarios.http.Latencies;
import dev.penstock.scenarios.http.Probe;
import dev.penstock.scenarios.world.HostSpec;
import dev.penstock.scenarios.world.World;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes changes of every kind at a fixed pace, whatever becomes of them, and has each of them
 * watched. One thread makes them; those that watch are virtual.
 */
final class Changes {
  /** Hosts that were added and not deleted yet; fewer, and an add takes the place of a delete. */
  private static final int ADDED_MIN = 8;

  /** Of ten changes; the first is one of the loaded route. */
  private static final List<ChangeKind> KINDS =
      List.of(
          ChangeKind.BACKEND,
          ChangeKind.ADD,
          ChangeKind.DELETE,
          ChangeKind.BACKEND,
          ChangeKind.SECRET,
          ChangeKind.ENDPOINT,
          ChangeKind.ADD,
          ChangeKind.DELETE,
          ChangeKind.ENDPOINT,
          ChangeKind.SECRET);

  private final World world;
  private final Hosts hosts;
  private final int changeable;
  private final Watched.Asker asker;
  private final LoadedRoute loaded;
  private final Deque<Added> added = new ArrayDeque<>();
  private final List<String> faults = new CopyOnWriteArrayList<>();
  private Latencies times = new Latencies();
  private int ofLoadedRoute;
  private int next;
  private Future<?> lastOfLoadedRoute = CompletableFuture.completedFuture("");

  private record Added(HostSpec host, Future<?> inForce) {}

  /**
   * @param changeable the hosts below this number are changed, in turn; the last host is the loaded
   *     route
   */
  Changes(World world, Hosts hosts, int changeable, Watched.Asker asker) {
    this.world = world;
    this.hosts = hosts;
    this.changeable = changeable;
    this.asker = asker;
    this.loaded = new LoadedRoute(hosts.get(hosts.count() - 1));
  }

  LoadedRoute loaded() {
    return loaded;
  }

  /** From the rename to the first right answer; of all since {@link #forget()}. */
  Latencies times() {
    return times;
  }

  /** What went wrong with changes. */
  List<String> faults() {
    return faults;
  }

  int ofLoadedRoute() {
    return ofLoadedRoute;
  }

  /** Counts anew; faults stay. */
  void forget() {
    times = new Latencies();
    ofLoadedRoute = 0;
  }

  /**
   * Makes so many changes, one each {@code interval}; returns when all were watched to their end.
   */
  void make(int count, Duration interval) throws Exception {
    try (ExecutorService watchers = Executors.newVirtualThreadPerTaskExecutor()) {
      long startNanos = System.nanoTime();
      for (int i = 0; i < count; i++) {
        long dueNanos = startNanos + i * interval.toNanos();
        LockSupport.parkNanos(dueNanos - System.nanoTime());
        if (i % KINDS.size() == 0) changeLoadedRoute(watchers);
        else change(KINDS.get(i % KINDS.size()), watchers);
      }
    }
  }

  /** Deletes what was added and is still there, so that the world has its first size. */
  void takeBack() throws Exception {
    try (ExecutorService watchers = Executors.newVirtualThreadPerTaskExecutor()) {
      while (!added.isEmpty()) delete(watchers, new Latencies());
    }
  }

  private void changeLoadedRoute(ExecutorService watchers)
      throws IOException, InterruptedException, ExecutionException {
    lastOfLoadedRoute.get();
    HostSpec before = loaded.newest();
    HostSpec after = before.withNextService(hosts.otherBackend(before));
    World.Change change = hosts.put(after);
    loaded.changes(after);
    ofLoadedRoute++;
    Watched watched = new Watched(ChangeKind.BACKEND, Optional.of(before), Optional.of(after));
    lastOfLoadedRoute = make(change, watched, watchers, times, loaded::inForce);
  }

  private void change(ChangeKind kind, ExecutorService watchers) throws Exception {
    switch (kind) {
      case ADD -> add(watchers);
      case DELETE -> {
        if (added.size() < ADDED_MIN) add(watchers);
        else delete(watchers, times);
      }
      case BACKEND, ENDPOINT, SECRET -> {
        HostSpec before = hosts.get(next++ % changeable);
        HostSpec after =
            switch (kind) {
              case BACKEND -> before.withNextService(hosts.otherBackend(before));
              case ENDPOINT -> before.withBackend(hosts.otherBackend(before));
              default -> before.withNewCertificate();
            };
        Watched watched = new Watched(kind, Optional.of(before), Optional.of(after));
        make(hosts.put(after), watched, watchers, times, nanos -> {});
      }
    }
  }

  private void add(ExecutorService watchers) throws IOException {
    HostSpec host = hosts.next();
    Watched watched = new Watched(ChangeKind.ADD, Optional.empty(), Optional.of(host));
    added.add(new Added(host, make(hosts.put(host), watched, watchers, times, nanos -> {})));
  }

  private void delete(ExecutorService watchers, Latencies into)
      throws IOException, InterruptedException, ExecutionException {
    Added oldest = added.remove();
    oldest.inForce.get();
    Watched watched = new Watched(ChangeKind.DELETE, Optional.of(oldest.host), Optional.empty());
    make(world.remove(oldest.host.number()), watched, watchers, into, nanos -> {});
  }

  private interface InForce {
    void at(long nanos);
  }

  private Future<?> make(
      World.Change change,
      Watched watched,
      ExecutorService watchers,
      Latencies into,
      InForce inForce)
      throws IOException {
    long startNanos = System.nanoTime();
    change.rename();
    return watchers.submit(() -> {
      try (Probe probe = new Probe(asker.httpPort())) {
        long nanos = watched.await(asker, probe);
        into.add(nanos - startNanos);
        inForce.at(nanos);
      } catch (Exception fault) {
        faults.add(fault.toString());
      }
    });
  }
}
