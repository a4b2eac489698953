package dev.penstock.core.http1;

import dev.penstock.model.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/**
 * Gives one input after the other to one target after the other. Input n is a function of the seed
 * and n alone. The first that fails is made as short as it goes, kept as a file, and ends the run.
 */
final class FuzzRun {
  /** An input that takes longer goes round for ever. */
  private static final Duration HANG = Duration.ofSeconds(5);

  /** And making a failure short may take so many times as long. */
  private static final int SHORTENING_HANGS_MAX = 24;

  /** Bounds what making a failure short costs. */
  private static final int ATTEMPTS_MAX = 20_000;

  private static final long STEP = 0x5851F42D4C957F2DL;

  /** The naive reader's regular expressions recur with the length of a path. */
  private static final int STACK_BYTES = 64 << 20;

  private static final List<FuzzTarget> TURNS = turns();

  /** Judges an input by throwing; what it sees goes into the coverage. */
  @FunctionalInterface
  interface Judge {
    void judge(FuzzTarget target, byte[] input, Settings.Limits limits, FuzzCoverage seen);
  }

  private final long seed;
  private final Judge judge;
  private final Path kept;
  private final FuzzCoverage seen = new FuzzCoverage();
  private volatile long round;
  private volatile byte[] input = {};
  private volatile boolean shortening;

  /**
   * @param kept the directory that failures are written below, one directory for each target
   */
  FuzzRun(long seed, Judge judge, Path kept) {
    this.seed = seed;
    this.judge = judge;
    this.kept = kept;
  }

  FuzzCoverage seen() {
    return seen;
  }

  /** How many inputs were judged. */
  long inputs() {
    return round + 1;
  }

  private static List<FuzzTarget> turns() {
    List<FuzzTarget> turns = new ArrayList<>();
    for (FuzzTarget target : FuzzTarget.values()) {
      turns.addAll(Collections.nCopies(target.weight(), target));
    }
    return turns;
  }

  /** Goes on until the time is over and at least so many inputs were judged. */
  void run(Duration time, long roundsMin) throws InterruptedException {
    Throwable[] failure = new Throwable[1];
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                judgeUntil(System.nanoTime() + time.toNanos(), roundsMin);
              } catch (Throwable failed) {
                failure[0] = failed;
              }
            },
            "fuzz",
            STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
    long before = -1;
    int idle = 0;
    while (!thread.join(HANG)) {
      idle = round == before ? idle + 1 : 0;
      if (idle > (shortening ? SHORTENING_HANGS_MAX : 0)) {
        throw hang(thread);
      }
      before = round;
    }
    if (failure[0] != null) {
      throw new AssertionError(failure[0].getMessage(), failure[0]);
    }
  }

  private void judgeUntil(long deadlineNanos, long roundsMin) {
    for (long n = 0; n < roundsMin || System.nanoTime() - deadlineNanos < 0; n++) {
      round = n;
      FuzzTarget target = target();
      Settings.Limits limits = limits();
      byte[] bytes = new FuzzMessages(new SplittableRandom(seed + round * STEP)).next(target);
      input = bytes;
      try {
        judge.judge(target, bytes, limits, seen);
      } catch (Throwable failed) {
        shortening = true;
        throw failure(target, limits, failed);
      }
    }
  }

  private FuzzTarget target() {
    return TURNS.get((int) (round % TURNS.size()));
  }

  private Settings.Limits limits() {
    return FuzzTarget.LIMITS.get((int) (round / TURNS.size() % FuzzTarget.LIMITS.size()));
  }

  private AssertionError failure(FuzzTarget target, Settings.Limits limits, Throwable first) {
    byte[] shortest = shortest(target, limits);
    return new AssertionError(
        where(target) + ", kept in " + keep(target, shortest) + ": " + printable(shortest), first);
  }

  private AssertionError hang(Thread thread) {
    FuzzTarget target = target();
    AssertionError hang =
        new AssertionError(
            where(target) + " does not end, kept in " + keep(target, input) + printable(input));
    hang.setStackTrace(thread.getStackTrace());
    return hang;
  }

  private String where(FuzzTarget target) {
    return target + ", seed " + seed + ", input " + round;
  }

  /** Takes out pieces, long ones first, as long as the rest still fails. */
  private byte[] shortest(FuzzTarget target, Settings.Limits limits) {
    byte[] shortest = input;
    int attempts = 0;
    for (int size = shortest.length / 2; size > 0; size = size == 1 ? 0 : (size + 1) / 2) {
      int at = 0;
      while (at + size <= shortest.length && attempts++ < ATTEMPTS_MAX) {
        byte[] candidate = without(shortest, at, size);
        if (fails(target, candidate, limits)) {
          shortest = candidate;
        } else {
          at += size;
        }
      }
    }
    return shortest;
  }

  private boolean fails(FuzzTarget target, byte[] candidate, Settings.Limits limits) {
    try {
      judge.judge(target, candidate, limits, new FuzzCoverage());
      return false;
    } catch (Throwable failed) {
      return true;
    }
  }

  private static byte[] without(byte[] bytes, int at, int size) {
    byte[] rest = Arrays.copyOf(bytes, bytes.length - size);
    System.arraycopy(bytes, at + size, rest, at, rest.length - at);
    return rest;
  }

  private Path keep(FuzzTarget target, byte[] bytes) {
    CRC32 sum = new CRC32();
    sum.update(bytes);
    Path file =
        kept.resolve(target.directory())
            .resolve(HexFormat.of().toHexDigits((int) sum.getValue()) + ".bin");
    try {
      Files.createDirectories(kept.resolve(target.directory()));
      return Files.write(file, bytes);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  private static String printable(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte b : bytes) {
      boolean visible = b >= ' ' && b < 0x7F && b != '\\';
      text.append(visible ? String.valueOf((char) b) : "\\x" + HexFormat.of().toHexDigits(b));
    }
    return text.toString();
  }
}
