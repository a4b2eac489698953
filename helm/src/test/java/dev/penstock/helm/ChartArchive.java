package dev.penstock.helm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * The chart as {@code helm package} packs it, a compressed tar of its files, but for the time: Helm
 * writes that of packing, so that the digest would be another each time.
 */
final class ChartArchive {
  private static final int BLOCK = 512;

  private ChartArchive() {}

  /**
   * @param epochSeconds what each file says of its time
   */
  static byte[] pack(Path chart, long epochSeconds) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream tar = new GZIPOutputStream(packed)) {
      for (Path file : files(chart)) {
        byte[] content = Files.readAllBytes(file);
        String name = chart.getFileName() + "/" + chart.relativize(file);
        tar.write(head(name, content.length, epochSeconds));
        tar.write(content);
        tar.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
      }
      tar.write(new byte[2 * BLOCK]);
    }
    return packed.toByteArray();
  }

  /** Chart.yaml first, as Helm has it; the others by name. */
  private static List<Path> files(Path chart) throws IOException {
    try (Stream<Path> files = Files.walk(chart)) {
      Path first = chart.resolve("Chart.yaml");
      return Stream.concat(
              Stream.of(first),
              files.filter(Files::isRegularFile).filter(file -> !file.equals(first)).sorted())
          .toList();
    }
  }

  /** A head of POSIX ustar: fields at fixed places, numbers in octal digits. */
  private static byte[] head(String name, int size, long epochSeconds) {
    if (name.getBytes(UTF_8).length > 100) throw new IllegalArgumentException("too long: " + name);
    ByteBuffer head = ByteBuffer.allocate(BLOCK);
    head.put(0, name.getBytes(UTF_8));
    octal(head, 100, 7, 0644);
    octal(head, 108, 7, 0); // user and group
    octal(head, 116, 7, 0);
    octal(head, 124, 11, size);
    octal(head, 136, 11, epochSeconds);
    head.put(148, "        ".getBytes(US_ASCII)); // counts as blanks in the sum that stands there
    head.put(156, (byte) '0'); // a regular file
    head.put(257, "ustar\00000".getBytes(US_ASCII));
    int sum = 0;
    for (byte each : head.array()) sum += each & 0xff;
    octal(head, 148, 6, sum);
    head.put(154, (byte) 0);
    return head.array();
  }

  private static void octal(ByteBuffer head, int at, int digits, long value) {
    head.put(at, String.format("%0" + digits + "o", value).getBytes(US_ASCII));
  }
}
