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
  /** For whom: a cache costs memory for every class in it, needed or not. */
  enum User {
    /** {@code penstock run}. */
    FILES("penstock.aot"),
    /** {@code penstock ingress}, and so the image. */
    POD("penstock-pod.aot");

    final String file;

    User(String file) {
      this.file = file;
    }
  }

  /**
   * Profiles of methods (JEP 515) let the JIT compile more and sooner, which at a start is in the
   * way: with them it takes 100 ms of processor time and 8 MB more.
   */
  private static final String WITHOUT_PROFILES =
      "-XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining";

  private final User user;
  private final Path kept;
  private final Path stamp;
  private final Path libraries;
  private final String runtime;

  /**
   * @param libraries where the jars are and the cache goes
   * @param runtime names the Java that it is for
   */
  AotCache(User user, Path libraries, String runtime) {
    this.user = user;
    this.kept = Path.of("target", user.file).toAbsolutePath();
    this.stamp = Path.of("target", user.file + ".stamp");
    this.libraries = libraries;
    this.runtime = runtime;
  }

  /**
   * Trains and checks it, unless the one that is kept belongs to these jars. None may be placed
   * yet: the launcher would offer it.
   */
  void make() throws Exception {
    String wanted = wanted();
    if (Files.exists(kept) && DistributionBuild.stamp(stamp).equals(wanted)) return;
    long start = System.nanoTime();
    Files.deleteIfExists(stamp);
    Files.deleteIfExists(kept);
    TrainingRun.train("-XX:AOTCacheOutput=" + kept + " " + WITHOUT_PROFILES, user);
    if (!Files.exists(kept)) throw new IllegalStateException("the training left no " + kept);
    TrainingRun.check("-XX:AOTCache=" + kept + " -XX:AOTMode=on", user);
    Files.writeString(stamp, wanted);
    DistributionBuild.say(
        "lib/%s, %d MB, trained and checked in %.1f s"
            .formatted(user.file, Files.size(kept) >> 20, DistributionBuild.secondsSince(start)));
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

  /** Puts it, and the list of its jars, where the launcher looks. */
  void place() throws IOException {
    StringBuilder jars = new StringBuilder();
    for (Path jar : DistributionBuild.files(libraries, "*.jar")) {
      jars.append(AotUse.identity(jar)).append('\n');
    }
    Files.writeString(libraries.resolve(user.file + ".jars"), jars);
    Path cache = libraries.resolve(user.file);
    try {
      Files.createLink(cache, kept);
    } catch (IOException | UnsupportedOperationException noLinks) {
      Files.copy(kept, cache, StandardCopyOption.COPY_ATTRIBUTES);
    }
  }
}
