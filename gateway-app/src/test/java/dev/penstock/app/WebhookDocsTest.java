package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.core.host.PostServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the guide of the webhook says is what the code does. */
class WebhookDocsTest {
  private static final Path GUIDE = Path.of("../docs/admission.md").toAbsolutePath().normalize();

  @Test
  void theTableOfFlagsHoldsEveryFlagWithItsDefault() throws IOException {
    FlagTable.assertHolds(Files.readString(GUIDE), new WebhookCommand().spec().options());
  }

  @Test
  void theTableOfLimitsHoldsTheirValues() throws IOException {
    String small = (PostServer.SMALL_BYTES_MAX >> 10) + " KiB";
    assertThat(Files.readString(GUIDE))
        .contains("| body | " + (PostServer.BODY_BYTES_MAX >> 20) + " MiB |")
        .contains(
            "| bodies up to " + small + " in memory at a time | " + PostServer.SMALL_MAX + " |")
        .contains(
            "| longer ones in memory at a time | "
                + PostServer.LARGE_MAX
                + ", and one every "
                + Durations.format(PostServer.LARGE_EVERY)
                + " |")
        .contains("short ones and others | " + PostServer.WAITING_MAX + " each |")
        .contains("has its turn | " + Durations.format(PostServer.ARRIVAL_MAX) + " |")
        .contains(
            "up to "
                + small
                + " where requests of other addresses wait | "
                + Durations.format(PostServer.LATE_AFTER)
                + " |")
        .contains("| connections | " + PostServer.CONNECTIONS_MAX + " |")
        .contains(
            "TLS handshake, which has "
                + PostServer.HANDSHAKE_SECONDS
                + " s | "
                + PostServer.HANDSHAKES_MAX
                + " |")
        .contains("its answer | " + Durations.format(PostServer.ANSWER_MAX) + " |");
  }

  @Test
  void theRightsAreThoseOfTheManifest() throws IOException {
    ClusterDocsTest.assertHoldsRights(
        Files.readString(GUIDE),
        Files.readString(GUIDE.resolveSibling("../deploy/webhook/penstock.yaml")),
        "penstock-webhook");
  }
}
