package dev.penstock.micro;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the benchmarks and leaves {@code micro.json} and a table, {@code micro.txt}. */
public final class Micro {
  /** JMH's name of "bytes allocated for each call". */
  private static final String BYTES_PER_CALL = "gc.alloc.rate.norm";

  private Micro() {}

  /**
   * @param arguments the directory for the results, then regular expressions for the names of the
   *     benchmarks to run; all without any
   */
  public static void main(String[] arguments) throws RunnerException, IOException {
    Path out = Path.of(arguments[0]);
    Files.createDirectories(out);
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            // As the launcher starts the gateway, but for a heap that no benchmark fills.
            .jvmArgs(
                "-XX:+UseSerialGC",
                "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dio.netty.noUnsafe=false")
            .forks(1)
            .warmupIterations(4)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(5)
            .measurementTime(TimeValue.seconds(1))
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(false) // says it and goes on with the others
            .resultFormat(ResultFormatType.JSON)
            .result(out.resolve("micro.json").toString());
    for (int i = 1; i < arguments.length; i++) options.include(arguments[i]);
    Files.writeString(out.resolve("micro.txt"), table(new Runner(options.build()).run()));
  }

  private static String table(Collection<RunResult> results) {
    StringBuilder table = new StringBuilder();
    table.append("%-58s %12s %10s %12s%n".formatted("benchmark", "ns/op", "± 99.9 %", "B/op"));
    for (RunResult each : results) {
      Result<?> time = each.getPrimaryResult();
      Result<?> bytes = each.getSecondaryResults().get(BYTES_PER_CALL);
      table.append(
          String.format(
              Locale.ROOT,
              "%-58s %,12.1f %,10.1f %,12.1f%n",
              name(each.getParams()),
              time.getScore(),
              time.getScoreError(),
              bytes == null ? Double.NaN : bytes.getScore()));
    }
    return table.toString();
  }

  /** {@code RouterBenchmark.find routes=10}. */
  private static String name(BenchmarkParams params) {
    String full = params.getBenchmark();
    StringBuilder name =
        new StringBuilder(full.substring(full.lastIndexOf('.', full.lastIndexOf('.') - 1) + 1));
    for (String key : params.getParamsKeys()) {
      name.append(' ').append(key).append('=').append(params.getParam(key));
    }
    return name.toString();
  }
}
