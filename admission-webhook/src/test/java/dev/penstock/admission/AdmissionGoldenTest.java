package dev.penstock.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.ClusterView;
import dev.penstock.model.Json;
import dev.penstock.model.JsonFault;
import dev.penstock.testkit.GoldenCases;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Reviews in, answers out. Each directory below {@code src/test/golden} is a case: {@code
 * input.json} is the request of a review, without what the test adds; {@code world.json} holds the
 * objects of the cluster, that of the root where a case has none; a case below {@code
 * conflicts-warned} is answered with that setting.
 */
class AdmissionGoldenTest {
  private static final Path ROOT = Path.of("src/test/golden");
  private static final Path MANUAL = Path.of("..", "docs", "admission-answers.md");
  private static final GoldenCases CASES = new GoldenCases(ROOT, Set.of("world.json"));

  @TestFactory
  Stream<DynamicTest> everyReviewIsAnsweredAsWritten() {
    return CASES.cases().stream()
        .map(directory -> DynamicTest.dynamicTest(CASES.nameOf(directory), () -> run(directory)));
  }

  @Test
  void everyGoldenFileBelongsToACase() {
    CASES.requireNoStrayFile();
  }

  /** What people read: what is denied and warned of in each case. */
  @Test
  void theListInTheManualHoldsEveryAnswer() throws IOException, JsonFault {
    StringBuilder list = new StringBuilder();
    for (Path directory : CASES.cases()) {
      Json.Struct response = (Json.Struct) member(Json.parse(answer(directory).text()), "response");
      List<String> lines = new ArrayList<>();
      if (response.members().get("status") instanceof Json.Struct status) {
        for (String line : text(member(status, "message")).split("\n"))
          lines.add("denied: " + line);
      }
      if (response.members().get("warnings") instanceof Json.Array warnings) {
        for (Json warning : warnings.items()) lines.add("warning: " + text(warning));
      }
      if (lines.isEmpty()) lines.add("nothing");
      list.append(CASES.nameOf(directory)).append('\n');
      lines.forEach(line -> list.append("  ").append(line).append('\n'));
    }
    String manual = Files.readString(MANUAL);
    String current =
        manual.replaceFirst("(?s)```\n.*```\n", Matcher.quoteReplacement("```\n" + list + "```\n"));
    if (Boolean.getBoolean("golden.update")) Files.writeString(MANUAL, current);
    else assertThat(manual).as("-Dgolden.update=true writes it").isEqualTo(current);
  }

  private static Json member(Json struct, String name) {
    return Objects.requireNonNull(((Json.Struct) struct).members().get(name));
  }

  private static String text(Json text) {
    return ((Json.Text) text).value();
  }

  private static void run(Path directory) throws IOException, JsonFault {
    Answer answer = answer(directory);
    assertThat(answer.status()).isEqualTo(200);
    CASES.compare(directory, Map.of("answer.json", answer.text()));
  }

  private static Answer answer(Path directory) throws IOException, JsonFault {
    Path own = directory.resolve("world.json");
    ClusterView world =
        World.of(Files.readString(Files.exists(own) ? own : ROOT.resolve("world.json")));
    boolean isDenied = !directory.startsWith(ROOT.resolve("conflicts-warned"));
    Admission admission =
        new Admission(
            new AdmissionSettings(
                World.SETTINGS.configMaps(), World.CLASSES, Set.of("shop", "blog"), isDenied),
            World.SMALL_BYTES_MAX,
            () -> 0);
    admission.onView(world);
    String input = new String(CASES.inputs(directory).get("input.json"), StandardCharsets.UTF_8);
    byte[] review = World.review("5f2c", (Json.Struct) Json.parse(input));
    Answer answer = World.answer(admission, review);
    assertThat(World.answer(admission, review)).as("a second time").isEqualTo(answer);
    return answer;
  }
}
