package dev.penstock.scenarios.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The heap of another JVM, asked by the {@code jcmd} of the JDK that runs this: the gateway's own
 * runtime need not have one.
 *
 * @param liveBytes of all objects that can be reached, counted after a full collection
 * @param committedBytes what the heap has taken from the system
 * @param largest the classes that hold most of it
 */
public record JavaHeap(long liveBytes, long committedBytes, List<String> largest) {
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");
  private static final Pattern COMMITTED =
      Pattern.compile("(?m)(?:generation|heap) +total (?:reserved \\d+K, committed )?(\\d+)K");
  private static final long KIB = 1024;
  private static final int LARGEST = 15;

  /** Two lines of heading stand before the classes. */
  private static final int HEADING_LINES = 4;

  public JavaHeap {
    largest = List.copyOf(largest);
  }

  /** Makes a full collection and looks. */
  public static JavaHeap of(long pid) throws IOException, InterruptedException {
    ask(pid, "GC.run"); // what finalizers and cleaners free is gone at the second
    String histogram = ask(pid, "GC.class_histogram");
    Matcher total = TOTAL.matcher(histogram);
    if (!total.find()) throw new IOException("no histogram: " + histogram);
    long committed = 0;
    Matcher parts = COMMITTED.matcher(ask(pid, "GC.heap_info"));
    while (parts.find()) committed += KIB * Long.parseLong(parts.group(1));
    return new JavaHeap(
        Long.parseLong(total.group(1)),
        committed,
        histogram.lines().skip(HEADING_LINES).limit(LARGEST).map(String::strip).toList());
  }

  private static String ask(long pid, String command) throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process process =
        new ProcessBuilder(jcmd.toString(), Long.toString(pid), command)
            .redirectErrorStream(true)
            .start();
    try (InputStream out = process.getInputStream()) {
      String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) throw new IOException(jcmd + " " + command + ": " + text);
      return text;
    }
  }
}
