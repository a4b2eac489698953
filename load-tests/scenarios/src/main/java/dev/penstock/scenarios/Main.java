package dev.penstock.scenarios;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code make load}: runs the scenarios that are named, or all. Tables go to standard output,
 * progress to standard error. The exit code is 1 when something that has to hold does not, and 2
 * when an argument is unknown; a figure never decides it.
 */
final class Main {
  /** Where results and manifests go, as a system property. */
  private static final String OUT_PROPERTY = "penstock.scenarios.out";

  private static final String QUICK = "--quick";
  private static final String HELP = "--help";

  private Main() {}

  @SuppressWarnings("SystemExitOutsideMain") // it is the main class
  public static void main(String... arguments) throws InterruptedException {
    System.exit(run(List.of(arguments)));
  }

  private static List<Scenario> all(boolean quick) {
    return List.of(
        new ChangeToLive(quick ? ChangeToLive.Size.QUICK : ChangeToLive.Size.FULL),
        new ChangesUnderLoad(quick ? ChangesUnderLoad.Size.QUICK : ChangesUnderLoad.Size.FULL),
        new Scale(quick ? Scale.Size.QUICK : Scale.Size.FULL),
        new IdleConnections(quick ? IdleConnections.Size.QUICK : IdleConnections.Size.FULL),
        new LyingApiServer(quick ? LyingApiServer.Size.QUICK : LyingApiServer.Size.FULL),
        new Drain(quick ? Drain.Size.QUICK : Drain.Size.FULL));
  }

  private static int run(List<String> arguments) throws InterruptedException {
    List<Scenario> all = all(arguments.contains(QUICK));
    List<String> known = new ArrayList<>(all.stream().map(Scenario::name).toList());
    if (arguments.contains(HELP)) {
      System.out.println("make load ARGS='[" + QUICK + "] [NAME…]', where NAME is one of " + known);
      return 0;
    }
    List<String> names = arguments.stream().filter(one -> !one.equals(QUICK)).toList();
    List<String> unknown = names.stream().filter(name -> !known.contains(name)).toList();
    if (!unknown.isEmpty()) {
      System.err.println("load: no scenario " + unknown + ": name some of " + known + ", or none");
      return 2;
    }
    List<Scenario> chosen =
        all.stream().filter(one -> names.isEmpty() || names.contains(one.name())).toList();
    Duration expected =
        chosen.stream().map(Scenario::expected).reduce(Duration.ZERO, Duration::plus);
    System.err.printf(
        Locale.ROOT,
        "load: %s, about %d min in all%n",
        chosen.stream().map(Scenario::name).toList(),
        expected.plusSeconds(59).toMinutes());
    int failed = 0;
    for (Scenario scenario : chosen) if (!run(scenario)) failed++;
    System.out.printf("%d of %d scenarios hold%n", chosen.size() - failed, chosen.size());
    return failed == 0 ? 0 : 1;
  }

  private static boolean run(Scenario scenario) throws InterruptedException {
    Path out = Path.of(System.getProperty(OUT_PROPERTY, "target/scenarios"));
    Report report = new Report(scenario.name());
    long startNanos = System.nanoTime();
    Stage stage =
        new Stage(
            out.resolve(scenario.name()),
            report,
            line ->
                System.err.printf(
                    Locale.ROOT,
                    "%s %5.1f s  %s%n",
                    scenario.name(),
                    (System.nanoTime() - startNanos) / 1e9,
                    line));
    stage.say("begins; takes about " + scenario.expected().toSeconds() + " s");
    try {
      scenario.run(stage);
    } catch (InterruptedException interrupted) {
      throw interrupted;
    } catch (Exception | AssertionError broken) {
      broken.printStackTrace(System.err);
      report.condition("the scenario runs to its end", false, broken.toString());
    }
    System.out.println(report.table());
    return write(out.resolve(scenario.name() + ".json"), report) && report.holds();
  }

  private static boolean write(Path file, Report report) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(
          file,
          new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(report.json()));
      System.out.println("as JSON: " + file);
      return true;
    } catch (IOException unwritten) {
      System.err.println(
          "load: " + file + " cannot be written, so this run counts as failed: " + unwritten);
      return false;
    }
  }
}
