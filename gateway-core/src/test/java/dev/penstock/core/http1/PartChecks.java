package dev.penstock.core.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Settings;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What must hold of the parts of a head that configuration and clients both write. */
final class PartChecks {
  /** Bytes around the part, which must not be looked at. */
  private static final int AROUND = 3;

  private PartChecks() {}

  static void path(FuzzTarget target, byte[] input, Settings.Limits limits, FuzzCoverage seen) {
    String text = Cuts.text(input);
    @Nullable String canonical = CanonicalPath.of(text);
    seen.result(target, canonical == null ? Progress.REFUSED : Progress.DONE);
    assertThat(canonical).isEqualTo(Naive.path(text));
    boolean own = input.length > 0 && CanonicalPath.isCanonical(input, 0, input.length);
    if (canonical == null) {
      return;
    }
    assertThat(CanonicalPath.of(canonical)).as("again").isEqualTo(canonical);
    assertThat(own && !canonical.equals(text)).as("called canonical").isFalse();
    assertThat(canonical.length()).isLessThanOrEqualTo(CanonicalPath.GROWTH_MAX * input.length);
    byte[] both = Arrays.copyOf(input, input.length * (1 + CanonicalPath.GROWTH_MAX));
    int end = CanonicalPath.write(both, 0, input.length, both, input.length);
    assertThat(Ascii.text(both, input.length, end)).as("in one array").isEqualTo(canonical);
  }

  static void authority(
      FuzzTarget target, byte[] input, Settings.Limits limits, FuzzCoverage seen) {
    byte[] around = new byte[input.length + 2 * AROUND];
    int wanted = Naive.nameLength(Cuts.text(input));
    for (byte outside : Cuts.bytes("a1:]")) {
      Arrays.fill(around, outside);
      System.arraycopy(input, 0, around, AROUND, input.length);
      int end = Authority.nameEnd(around, AROUND, AROUND + input.length);
      assertThat(end < 0 ? -1 : end - AROUND).isEqualTo(wanted);
    }
    seen.result(target, wanted < 0 ? Progress.REFUSED : Progress.DONE);
  }
}
