package dev.penstock.core.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The process's file descriptors: what a socket needs, and what a limit of the kernel takes away.
 *
 * @param limit RLIMIT_NOFILE, the soft limit, which is the one in force; {@link #UNLIMITED} = none,
 *     or the system does not say
 * @param used how many are open
 */
public record Descriptors(long limit, long used) {
  public static final long UNLIMITED = Long.MAX_VALUE;

  /** Connections to the admin port, at most: scrapers and probes are few. */
  private static final int ADMIN_MAX = 64;

  /** Of a low limit, the admin port takes no more than one descriptor in so many. */
  private static final int ADMIN_DIVISOR = 16;

  /** The row of {@code /proc/self/limits}; see proc_pid_limits(5). */
  private static final Pattern LIMIT = Pattern.compile("Max open files\\s+(\\d+|unlimited)\\s.*");

  /** Of this process, now. Reads two files of /proc; elsewhere than on Linux nothing is known. */
  public static Descriptors now() {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return new Descriptors(limitNow(), open.count());
    } catch (IOException unknown) {
      return new Descriptors(UNLIMITED, 0);
    }
  }

  /** The limit of this process, now; {@link #UNLIMITED} also where nothing is known. */
  public static long limitNow() {
    try {
      return limit(Files.readAllLines(Path.of("/proc/self/limits")));
    } catch (IOException unknown) {
      return UNLIMITED;
    }
  }

  static long limit(List<String> lines) {
    for (String line : lines) {
      Matcher row = LIMIT.matcher(line);
      if (row.matches() && !row.group(1).equals("unlimited")) return Long.parseLong(row.group(1));
    }
    return UNLIMITED;
  }

  /** Those that are left. */
  public long free() {
    return limit == UNLIMITED ? UNLIMITED : limit - used;
  }

  /**
   * What a gateway takes to start: for each event loop, and for one more that Vert.x has, a poller
   * with its timer and its bell, and two listening sockets; besides some for the admin port, native
   * libraries, files, and not to stand at the edge.
   */
  public static int neededToStart(int eventLoops) {
    return 5 * (eventLoops + 1) + 48;
  }

  /** How many connections there may be to the admin port. */
  public int forAdmin() {
    return Math.clamp(limit / ADMIN_DIVISOR, 1, ADMIN_MAX);
  }

  /**
   * How many client connections there may be: half of what is left, without those of the admin
   * port. The other half is for connections to backends, of which a busy client needs one, and for
   * files; so clients that only sit there never take a backend's.
   */
  public long forClients() {
    return limit == UNLIMITED ? UNLIMITED : Math.max(1, (free() - forAdmin()) / 2);
  }
}
