package dev.penstock.configmap;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code large-client-header-buffers}: how many buffers hold a request head.
 *
 * @param bytesEach bounds a line; times the count it bounds the head
 */
record HeadBuffers(int count, int bytesEach) {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,4}) +([0-9]{1,7}[kKmM]?)");
  private static final int LINE_BYTES_MIN = 64;
  private static final int LINE_BYTES_MAX = 64 << 10;
  private static final int HEAD_BYTES_MAX = 1 << 20;

  static final Syntax<HeadBuffers> SYNTAX =
      new Syntax<>(
          "a number and a size such as '4 8k', the size from 64 bytes to 64k, all together at most 1m",
          HeadBuffers::parse);

  private static Optional<HeadBuffers> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) return Optional.empty();
    long count = Long.parseLong(matcher.group(1));
    long bytes = Syntax.SIZE_BYTES.parse(matcher.group(2)).orElse(0L);
    boolean fits =
        count >= 1
            && bytes >= LINE_BYTES_MIN
            && bytes <= LINE_BYTES_MAX
            && count * bytes <= HEAD_BYTES_MAX;
    return fits ? Optional.of(new HeadBuffers((int) count, (int) bytes)) : Optional.empty();
  }
}
