package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.kubernetes.KubernetesScope;
import dev.penstock.model.Diagnostic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;

/** What the guide of the cluster says is what the code does. */
class ClusterDocsTest {
  private static final Path GUIDE = Path.of("../docs/kubernetes.md").toAbsolutePath().normalize();

  @Test
  void theTableOfFlagsHoldsEveryFlagWithItsDefault() throws IOException {
    String guide = Files.readString(GUIDE);
    String section = guide.substring(guide.indexOf("## Flags of"), guide.indexOf("## Rights"));
    FlagTable.assertHolds(
        section, WriterOptions.declare(ClusterOptions.declare(CommandSpec.create())).options());
    assertThat(guide)
        .contains("At most " + ClusterView.NAMED_SECRETS_MAX + " Secrets")
        .contains("at most " + KubernetesScope.NAMESPACES_MAX);
  }

  @Test
  void theChartKnowsEveryFlag() throws IOException {
    Path flags = GUIDE.resolveSibling("../helm/penstock/files/flags.yaml");
    assertThat(Files.readAllLines(flags).stream().filter(line -> line.startsWith("- ")))
        .containsExactlyInAnyOrderElementsOf(
            new IngressCommand()
                .spec().options().stream()
                    .map(option -> option.longestName().replaceFirst("--", "- "))
                    .filter(flag -> !flag.equals("- help"))
                    .toList());
  }

  @Test
  void theRightsForNodesAreThoseOfTheirManifest() throws IOException {
    String manifest = Files.readString(GUIDE.resolveSibling("../deploy/static/nodes.yaml"));
    assertThat(Files.readString(GUIDE)).contains("```yaml\n" + manifest + "```\n");
  }

  @Test
  void theTableOfReasonsHoldsEveryReason() throws IOException {
    String guide = Files.readString(GUIDE);
    String section = guide.substring(guide.indexOf("## Events"), guide.indexOf("## Flags of"));

    assertThat(section.lines().filter(line -> line.startsWith("| `")))
        .containsExactlyElementsOf(
            Arrays.stream(Diagnostic.Reason.values())
                .map(reason -> "| `" + reason.text() + "` | " + reason.manual() + " |")
                .toList());
  }

  @Test
  void theRightsAreThoseOfTheManifest() throws IOException {
    assertHoldsRights(
        Files.readString(GUIDE),
        Files.readString(GUIDE.resolveSibling("../deploy/static/penstock.yaml")),
        "penstock");
  }

  /** Fails unless a guide has the rules of the ClusterRole and of the Role of that name. */
  static void assertHoldsRights(String guide, String manifest, String name) {
    for (String kind : List.of("ClusterRole", "Role")) {
      assertThat(manifest.split("---\n"))
          .filteredOn(
              object -> object.contains("\nkind: " + kind + "\nmetadata:\n  name: " + name + "\n"))
          .singleElement()
          .satisfies(
              role -> assertThat(guide).contains(role.substring(role.indexOf("rules:")) + "```\n"));
    }
  }
}
