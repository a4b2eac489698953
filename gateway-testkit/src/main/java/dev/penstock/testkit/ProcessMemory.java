package dev.penstock.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory of a process as Linux counts it. */
public final class ProcessMemory {
  private static final long KIB = 1024;

  private ProcessMemory() {}

  /** Resident set size in bytes of the process. */
  public static long rssBytes(long pid) {
    return statusBytes(pid, "VmRSS:");
  }

  /** The highest resident set size so far, in bytes. */
  public static long rssPeakBytes(long pid) {
    return statusBytes(pid, "VmHWM:");
  }

  private static long statusBytes(long pid, String key) {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    try {
      for (String line : Files.readAllLines(status)) {
        if (!line.startsWith(key)) continue;
        String number = line.substring(key.length()).replace("kB", "").trim();
        return Long.parseLong(number) * KIB;
      }
    } catch (IOException gone) {
      throw new UncheckedIOException("process " + pid + " cannot be read", gone);
    }
    throw new IllegalStateException(status + " has no " + key);
  }
}
