package dev.penstock.ingress.source;

import dev.penstock.ingress.source.DirectoryReader.Outcome;
import dev.penstock.model.Translation;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of plain Kubernetes manifests (or one file) as a source: reads it, watches it, tells
 * a listener on a thread of its own.
 *
 * <p>The kernel's notices make a change visible within a millisecond, but they miss some (a renamed
 * parent, a network file system, a swapped link further up), so the directory is also listed anew
 * every second. What counts is always the listing, never the notice.
 *
 * <p>A file that was renamed into its place is complete, and is read at once. Any other notice may
 * come from the middle of something: a file that is being written, or an old one that was taken
 * away for a new one. Then the writer is waited for until it pauses.
 */
public final class DirectorySource implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DirectorySource.class);

  /** How long a missed notice can go unseen while nothing else changes. */
  private static final Duration LIST_EVERY = Duration.ofSeconds(1);

  /**
   * How long it can go unseen while other changes come: a listing gives way to a notice, because
   * listing thousands of files takes longer than a change may.
   */
  private static final Duration LIST_WITHIN = Duration.ofSeconds(10);

  /** Listing a large directory takes at most one part in so many of a core. */
  private static final int LIST_SHARE = 20;

  /** A writer that pauses this long is taken to be done. */
  private static final Duration QUIET = Duration.ofMillis(5);

  /** A writer that never pauses is not waited for longer. */
  private static final Duration QUIET_WAIT_MAX = Duration.ofMillis(100);

  private static final Duration CLOSE_WAIT_MAX = Duration.ofSeconds(5);

  private record Watched(Object inode, WatchKey key) {}

  private final DirectoryReader reader;
  private final Thread thread;
  private final Map<Path, Watched> watched = new HashMap<>();
  private @Nullable SourceListener listener;
  private @Nullable WatchService watch;

  /** A notice that was taken while the directory was listed. */
  private @Nullable WatchKey noticed;

  private boolean watchFaultTold;
  private volatile boolean closed;

  /**
   * @param path a directory or a file; need not be readable yet
   * @param clock wall time, compared with the files' times of change
   * @param configMaps those that are read; any other is passed over
   */
  public DirectorySource(Path path, InstantSource clock, Set<ObjectKey> configMaps) {
    this.reader = new DirectoryReader(path, clock, configMaps);
    this.thread = Thread.ofPlatform().name("directory-source").daemon().unstarted(this::run);
  }

  /**
   * Tells, before {@link #readFirst} and {@link #start}, that something is served already, from the
   * last good state: then a directory that holds no object at first (not mounted yet, say) is an
   * outage and not the wish to serve nothing.
   */
  public void servedAlready() {
    reader.servedAlready();
  }

  /**
   * Reads all files once, on the caller's thread, before {@link #start}.
   *
   * @throws IOException when the directory as a whole cannot be read, or holds nothing after {@link
   *     #servedAlready}; its message is one line for the operator. The source may be started all
   *     the same, and will tell when it has become readable
   */
  public Translation<ClusterView> readFirst() throws IOException {
    return switch (reader.read()) {
      case Outcome.View view -> view.view();
      case Outcome.Outage outage -> throw new IOException(outage.why().toString());
      case Outcome.Same ignored -> throw new IllegalStateException("readFirst is called once");
      case Outcome.GaveWay ignored -> throw new IllegalStateException("read() gives no way");
    };
  }

  /**
   * Begins to watch. The listener hears of what is not as {@link #readFirst} left it: of the first
   * view, when that was not called or failed.
   */
  public void start(SourceListener changes) {
    listener = changes;
    thread.start();
  }

  /** Ends watching; after it returns the listener is not called any more. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      if (thread.isAlive()) thread.join(CLOSE_WAIT_MAX);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    SourceListener told = listener;
    if (told == null) throw new IllegalStateException("start sets the listener");
    try (WatchService service = openWatch()) {
      watch = service;
      long listedNanos = System.nanoTime() - LIST_WITHIN.toNanos();
      while (!closed) {
        long startNanos = System.nanoTime();
        watchDirectories(); // before the listing, so that no change falls between the two
        boolean late = startNanos - listedNanos >= LIST_WITHIN.toNanos();
        BooleanSupplier givesWay = late ? () -> false : this::isNoticed;
        if (tell(told, () -> reader.read(givesWay))) listedNanos = startNanos;
        if (watchDirectories()) continue;
        long now = System.nanoTime();
        followTouches(told, now + Math.max(LIST_EVERY.toNanos(), LIST_SHARE * (now - startNanos)));
      }
    } catch (InterruptedException | ClosedWatchServiceException end) {
      // close() was called
    } catch (IOException fault) {
      LOG.warn("the watch of the kernel was not closed: {}", FileFaults.reason(fault));
    }
  }

  /** Until everything is to be listed again. */
  private void followTouches(SourceListener told, long untilNanos) throws InterruptedException {
    while (!closed) {
      Set<Path> touched = new HashSet<>();
      boolean known = awaitTouches(untilNanos - System.nanoTime(), touched);
      if (!known) return;
      tell(told, () -> reader.readTouched(touched));
      if (watchDirectories()) return;
    }
  }

  /** Whether a look was taken. */
  private static boolean tell(SourceListener told, Supplier<Outcome> reading) {
    try {
      switch (reading.get()) {
        case Outcome.View view -> told.onView(view.view());
        case Outcome.Outage outage -> told.onOutage(outage.why());
        case Outcome.Same ignored -> {}
        case Outcome.GaveWay ignored -> {
          return false;
        }
      }
    } catch (RuntimeException bug) {
      LOG.error("reading the directory failed; it is tried again", bug);
    }
    return true;
  }

  private @Nullable WatchService openWatch() {
    try {
      return FileSystems.getDefault().newWatchService();
    } catch (IOException | UnsupportedOperationException fault) {
      watchFault(String.valueOf(fault.getMessage()));
      return null;
    }
  }

  /**
   * @return whether directories are watched that were not: what came into them before is to be
   *     looked for
   */
  private boolean watchDirectories() {
    WatchService service = watch;
    if (service == null) return false;
    Map<Path, Object> directories = reader.directories();
    watched
        .entrySet()
        .removeIf(entry -> {
          Watched old = entry.getValue();
          boolean gone = !old.inode.equals(directories.get(entry.getKey())) || !old.key.isValid();
          if (gone) old.key.cancel();
          return gone;
        });
    int before = watched.size();
    directories.forEach((directory, inode) -> {
      if (!watched.containsKey(directory)) watchDirectory(service, directory, inode);
    });
    return watched.size() > before;
  }

  private void watchDirectory(WatchService service, Path directory, Object inode) {
    try {
      WatchKey key =
          directory.register(
              service,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_MODIFY,
              StandardWatchEventKinds.ENTRY_DELETE);
      watched.put(directory, new Watched(inode, key));
    } catch (IOException fault) {
      watchFault(FileFaults.reason(fault));
    }
  }

  private void watchFault(String why) {
    if (watchFaultTold) return;
    watchFaultTold = true;
    LOG.warn(
        "the kernel does not watch the whole directory ({}); changes are seen by listing it every"
            + " {} s",
        ManifestText.oneLine(why),
        LIST_EVERY.toSeconds());
  }

  /** Whether the kernel has something to tell. */
  private boolean isNoticed() {
    WatchService service = watch;
    if (noticed == null && service != null) noticed = service.poll();
    return noticed != null;
  }

  private @Nullable WatchKey nextNotice(WatchService service, long nanos)
      throws InterruptedException {
    WatchKey taken = noticed;
    noticed = null;
    return taken != null ? taken : service.poll(nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * Waits until a notice has come and the writer is done.
   *
   * @param touched is filled with the paths that the notices name
   * @return false when the time is over, or notices were lost: then everything has to be listed
   */
  private boolean awaitTouches(long nanos, Set<Path> touched) throws InterruptedException {
    WatchService service = watch;
    if (service == null) {
      TimeUnit.NANOSECONDS.sleep(nanos);
      return false;
    }
    WatchKey key = nextNotice(service, nanos);
    if (key == null) return false;
    Notices notices = new Notices(touched);
    long startNanos = System.nanoTime();
    while (key != null) {
      key.pollEvents().forEach(notices.of((Path) key.watchable()));
      notices.complete &= key.reset();
      boolean patient = System.nanoTime() - startNanos < QUIET_WAIT_MAX.toNanos();
      long waitNanos = notices.inPlace ? 0 : QUIET.toNanos();
      key = patient ? service.poll(waitNanos, TimeUnit.NANOSECONDS) : null;
    }
    return notices.complete;
  }

  /** What the kernel has told since the last reading. */
  private static final class Notices {
    private final Set<Path> touched;

    /** Whether none was lost. */
    private boolean complete = true;

    /** Whether all that is told of are files that were renamed into their places. */
    private boolean inPlace = true;

    Notices(Set<Path> touched) {
      this.touched = touched;
    }

    Consumer<WatchEvent<?>> of(Path directory) {
      return event -> {
        if (!(event.context() instanceof Path name)) {
          complete = false; // OVERFLOW
          return;
        }
        Path path = directory.resolve(name);
        touched.add(path);
        // One that is made in its place, to be written next, is empty at first.
        inPlace &= event.kind().equals(StandardWatchEventKinds.ENTRY_CREATE) && hasContent(path);
      };
    }

    private static boolean hasContent(Path path) {
      try {
        return Files.size(path) > 0;
      } catch (IOException gone) {
        return false;
      }
    }
  }
}
