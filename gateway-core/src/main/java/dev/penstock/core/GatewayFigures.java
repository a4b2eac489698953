package dev.penstock.core;

import com.sun.management.ThreadMXBean;
import dev.penstock.core.listener.Listeners;
import dev.penstock.core.listener.LoopConnections;
import dev.penstock.core.loop.Loop;
import dev.penstock.core.observe.DataPlane;
import dev.penstock.core.snapshot.Published;
import dev.penstock.core.snapshot.Snapshot;
import dev.penstock.core.tls.Handshakes;
import dev.penstock.core.upstream.EndpointPool;
import dev.penstock.core.upstream.LoopPool;
import dev.penstock.core.upstream.Upstream;
import dev.penstock.core.upstream.UpstreamEndpoint;
import dev.penstock.core.upstream.UpstreamMeters;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Adds up, at a scrape, what each event loop knows of itself. Any thread but an event loop. */
final class GatewayFigures implements DataPlane {
  private final List<Loop> loops;
  private final Published published;
  private final Listeners listeners;
  private final List<LoopConnections> connections;
  private final List<Handshakes> handshakes;

  // Written by who publishes, one after the other.
  private volatile long compiles;
  private volatile long compileNanos;
  private volatile long servesSinceNanos = System.nanoTime();

  // Guarded by this.
  private long hashedVersion = -1;
  private long hash;

  GatewayFigures(
      List<Loop> loops,
      Published published,
      Listeners listeners,
      List<LoopConnections> connections,
      List<Handshakes> handshakes) {
    this.loops = loops;
    this.published = published;
    this.listeners = listeners;
    this.connections = connections;
    this.handshakes = handshakes;
  }

  /** A snapshot was made and serves. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // the caller holds the gateway's lock
  void compiled(long nanos) {
    compiles++;
    compileNanos = nanos;
    servesSinceNanos = System.nanoTime();
  }

  /** How long the snapshot has been serving. */
  long ageSeconds() {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - servesSinceNanos);
  }

  @Override
  public List<UpstreamFigures> upstreams() {
    List<UpstreamFigures> figures = new ArrayList<>();
    published
        .current()
        .upstreams()
        .forEach((id, upstream) -> figures.add(figures(id.toString(), upstream)));
    figures.sort(Comparator.comparing(UpstreamFigures::upstream));
    return figures;
  }

  private static UpstreamFigures figures(String name, Upstream upstream) {
    long open = 0;
    long idle = 0;
    long waiting = 0;
    Set<UpstreamEndpoint> paused = new HashSet<>();
    List<LoopPool> loopPools = upstream.loopPools();
    for (LoopPool pools : loopPools) {
      for (EndpointPool pool : pools.endpointPools()) {
        open += pool.open();
        idle += pool.idle();
        waiting += pool.waiting();
        if (pool.isPaused()) paused.add(pool.endpoint());
      }
    }
    return new UpstreamFigures(
        name,
        upstream.endpointCount(),
        paused.size(),
        open,
        idle,
        waiting,
        UpstreamMeters.sum(loopPools.stream().map(LoopPool::meters).toList()));
  }

  @Override
  public List<ListenerFigures> listeners() {
    return listeners.figures();
  }

  @Override
  public AcceptFigures accepting() {
    return listeners.acceptFigures();
  }

  @Override
  public TlsFigures tls() {
    return Handshakes.figures(handshakes);
  }

  @Override
  public List<CertificateFigures> certificates() {
    return published.current().certificates().certificates();
  }

  @Override
  public SnapshotFigures snapshot() {
    Snapshot current = published.current();
    return new SnapshotFigures(
        current.router().hostCount(),
        current.router().routeCount(),
        current.upstreams().size(),
        current.certificates().size(),
        compiles,
        compileNanos,
        hash(current));
  }

  /** Made once for each snapshot that is looked at; some milliseconds for 10,000 routes. */
  private synchronized long hash(Snapshot of) {
    if (of.version() != hashedVersion) {
      hash = SnapshotHash.of(of);
      hashedVersion = of.version();
    }
    return hash;
  }

  @Override
  public long activeRequests() {
    return connections.stream().mapToLong(LoopConnections::active).sum();
  }

  /** The virtual machine keeps these books anyway; to ask costs some microseconds a thread. */
  @Override
  public List<LoopFigures> loops() {
    List<LoopFigures> figures = new ArrayList<>(loops.size());
    for (Loop loop : loops) {
      long allocatedBytes = -1;
      long cpuNanos = -1;
      if (ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads) {
        allocatedBytes = threads.getThreadAllocatedBytes(loop.threadId());
        cpuNanos = threads.getThreadCpuTime(loop.threadId());
      }
      figures.add(new LoopFigures(loop.index(), allocatedBytes, cpuNanos, loop.lag()));
    }
    return figures;
  }

  @Override
  public Map<String, BufferFigures> buffers() {
    PooledByteBufAllocator pool = PooledByteBufAllocator.DEFAULT;
    return Map.of(
        "direct",
        new BufferFigures(pool.metric().usedDirectMemory(), pool.pinnedDirectMemory()),
        "heap",
        new BufferFigures(pool.metric().usedHeapMemory(), pool.pinnedHeapMemory()));
  }
}
