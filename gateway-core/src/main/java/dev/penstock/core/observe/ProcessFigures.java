package dev.penstock.core.observe;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What the kernel says of this process. Outside of Linux, or where {@code /proc} cannot be read,
 * there is less of it.
 */
final class ProcessFigures {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path IO = Path.of("/proc/self/io");

  /** Number by key, as the files have them. */
  private final Map<String, Long> numbers = new TreeMap<>();

  private ProcessFigures() {}

  /** Reads two small files. */
  static ProcessFigures read() {
    ProcessFigures figures = new ProcessFigures();
    figures.read(STATUS);
    figures.read(IO);
    return figures;
  }

  private void read(Path file) {
    try {
      for (String line : Files.readAllLines(file)) {
        String[] words = line.split("[:\\s]+");
        if (words.length > 1 && words[1].matches("\\d{1,18}")) {
          boolean isKilobytes = words.length > 2 && words[2].equals("kB");
          numbers.put(words[0], Long.parseLong(words[1]) * (isKilobytes ? 1024 : 1));
        }
      }
    } catch (IOException unreadable) {
      // not shown
    }
  }

  OptionalLong residentBytes() {
    return number("VmRSS");
  }

  OptionalLong virtualBytes() {
    return number("VmSize");
  }

  /** From disks and the like, not from sockets. */
  OptionalLong readBytes() {
    return number("read_bytes");
  }

  OptionalLong writtenBytes() {
    return number("write_bytes");
  }

  private OptionalLong number(String key) {
    Long number = numbers.get(key);
    return number == null ? OptionalLong.empty() : OptionalLong.of(number);
  }

  OptionalLong cpuNanos() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
            && system.getProcessCpuTime() >= 0
        ? OptionalLong.of(system.getProcessCpuTime())
        : OptionalLong.empty();
  }

  long startEpochMillis() {
    return ManagementFactory.getRuntimeMXBean().getStartTime();
  }
}
