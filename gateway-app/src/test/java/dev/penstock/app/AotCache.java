package dev.penstock.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The AOT cache of JDK 25 (JEP 483, 514): loaded and linked classes, written by a gateway at the
 * end of a {@link TrainingRun}.
 *
 * <p>The JVM takes a cache that was made by the same JVM with jars of the same names, sizes and
 * times. Ours all carry one time, so it would take one with old classes of the same size: hence the
 * digest, and hence the assembly begins with an empty {@code lib/}.
 */
final class AotCache {
  private static final Path KEPT = Path.of("target/penstock.aot").toAbsolutePath();
  private static final Path STAMP = Path.of("target/penstock.aot.stamp");

  /**
   * Profiles of methods (JEP 515) let the JIT compile more and sooner, which at a start is in the
   * way: with them it takes 100 ms of processor time and 8 MB more.
   */
  private static final String WITHOUT_PROFILES =
      "-XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining";

  private final Path libraries;
  private final String runtime;

  /**
   * @param libraries where the jars are and the cache goes
   * @param runtime names the Java that it is for
   */
  AotCache(Path libraries, String runtime) {
    this.libraries = libraries;
    this.runtime = runtime;
  }

  /** Trains and checks it, unless the one that is kept belongs to these jars. */
  void make() throws Exception {
    String wanted = wanted();
    if (!Files.exists(KEPT) || !DistributionBuild.stamp(STAMP).equals(wanted)) {
      long start = System.nanoTime();
      Files.deleteIfExists(STAMP);
      Files.deleteIfExists(KEPT);
      TrainingRun.train("-XX:AOTCacheOutput=" + KEPT + " " + WITHOUT_PROFILES);
      if (!Files.exists(KEPT)) throw new IllegalStateException("the training left no " + KEPT);
      place();
      TrainingRun.check("-XX:AOTMode=on");
      Files.writeString(STAMP, wanted);
      DistributionBuild.say(
          "lib/penstock.aot, %d MB, trained and checked in %.1f s"
              .formatted(Files.size(KEPT) >> 20, DistributionBuild.secondsSince(start)));
    } else {
      place();
    }
  }

  /** Everything that it depends on. */
  private String wanted() throws IOException {
    List<Path> inputs = new ArrayList<>(DistributionBuild.files(libraries, "*.jar"));
    inputs.add(Distribution.HOME.resolve("bin/penstock"));
    Path own = Path.of("target/test-classes");
    inputs.addAll(DistributionBuild.files(own.resolve("dev/penstock/app"), "Training*.class"));
    inputs.addAll(DistributionBuild.files(own.resolve("training"), "*"));
    return DistributionBuild.digest(runtime, inputs);
  }

  private void place() throws IOException {
    StringBuilder jars = new StringBuilder();
    for (Path jar : DistributionBuild.files(libraries, "*.jar")) {
      jars.append(AotUse.identity(jar)).append('\n');
    }
    Files.writeString(libraries.resolve("penstock.aot.jars"), jars);
    Path cache = libraries.resolve("penstock.aot");
    try {
      Files.createLink(cache, KEPT);
    } catch (IOException | UnsupportedOperationException noLinks) {
      Files.copy(KEPT, cache, StandardCopyOption.COPY_ATTRIBUTES);
    }
  }
}
