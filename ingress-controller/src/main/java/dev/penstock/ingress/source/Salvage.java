package dev.penstock.ingress.source;

import dev.penstock.ingress.source.Node.Mapping;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a document before the place where it cannot be read any more. An Ingress may be
 * complete there, and protected: it is to be closed, not to be served.
 */
final class Salvage {
  /** Lines before the fault at which the document is cut, one after the other, until it reads. */
  private static final int LINES_BACK_MAX = 10;

  private Salvage() {}

  /**
   * @param text of the file
   * @param documentLine where the document begins, from 1; 0 = in no document
   * @param faultLine where it cannot be read, from 1; 0 = unknown
   * @return what can be read of the document when it is cut at the fault; else a line earlier and
   *     so on; else before the last of its fields that begins before the fault; null when that is
   *     no mapping either
   */
  static @Nullable Node of(String text, int documentLine, int faultLine) {
    if (documentLine == 0 || faultLine <= documentLine) return null;
    List<String> all = List.of(text.split("\r\n|\r|\n", -1));
    List<String> lines = all.subList(documentLine - 1, Math.min(faultLine - 1, all.size()));
    if (length(lines) > ManifestReader.OBJECT_BYTES_MAX) return null;
    for (int end : cuts(lines)) {
      Node read = read(String.join("\n", lines.subList(0, end)));
      if (read instanceof Mapping) return read;
    }
    return null;
  }

  private static List<Integer> cuts(List<String> lines) {
    List<Integer> cuts = new ArrayList<>();
    int last = lines.size();
    for (int i = 0; i < LINES_BACK_MAX && last - i > 0; i++) cuts.add(last - i);
    int field = last - 1;
    while (field > 0 && isIndented(lines.get(field))) field--;
    if (field > 0) cuts.add(field);
    return cuts;
  }

  private static boolean isIndented(String line) {
    return line.isBlank() || Character.isWhitespace(line.charAt(0));
  }

  private static int length(List<String> lines) {
    return lines.stream().mapToInt(String::length).sum();
  }

  private static @Nullable Node read(String text) {
    try {
      return new Composer(text, ManifestReader.OBJECT_BYTES_MAX).document();
    } catch (Unreadable fault) {
      return null;
    }
  }
}
