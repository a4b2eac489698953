package dev.penstock.ingress.source.kubernetes;

import static dev.penstock.ingress.source.kubernetes.ApiObjects.ingress;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kubelet writes a new token long before the old one is refused; both must be survived. */
class ServiceAccountTokenTest {
  private static final String MASTER = "kubernetes.master";

  @TempDir Path directory;
  private Map<String, String> properties;
  private SourceFixture cluster;

  @BeforeEach
  void followAsAPod() {
    tokenIs("first");
    properties =
        Map.of(
            "kubernetes.auth.tryKubeConfig",
            "false",
            "kubernetes.auth.serviceAccount.token",
            directory.resolve("token").toString());
    properties.forEach(System::setProperty);
    cluster =
        SourceFixture.following(address -> {
          System.setProperty(MASTER, address);
          try {
            return ApiServer.connect(null, null, "penstock/test");
          } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
          }
        });
    cluster.api.takeOnly("first");
    cluster.api.endWatches();
    cluster.time.pass(Duration.ofSeconds(10)); // the watches are good ones
    cluster.api.clearAsked();
  }

  @AfterEach
  void leave() {
    cluster.close();
    properties.keySet().forEach(System::clearProperty);
    System.clearProperty(MASTER);
  }

  /** As the kubelet does. */
  private void tokenIs(String token) {
    try {
      Files.writeString(directory.resolve("token"), token);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Test
  void watchesGoOnWithATokenThatHasTakenTheOldOnesPlace() {
    tokenIs("second");
    cluster.api.takeOnly("second");
    cluster.api.put(ingress("shop", "open", "open.example.com"));
    cluster.await("what an open watch tells", () -> cluster.ingressNames().contains("open"));
    assertThat(cluster.watches("ingresses")).isZero();

    cluster.api.endWatches();
    cluster.api.put(ingress("shop", "new", "new.example.com"));
    cluster.await("what the next watch tells", () -> cluster.ingressNames().contains("new"));
    assertThat(cluster.lists("ingresses")).isZero();
    assertThat(cluster.outages).isEmpty();
    assertThat(cluster.diagnostics()).isEmpty();
  }

  @Test
  void aTokenThatEndsUnderAnOpenWatchBeforeTheNextOneIsThereTakesNothingDown() {
    String unauthorized =
        """
        {"type":"ERROR","object":{"kind":"Status","code":401,"message":"Unauthorized"}}
        """;
    cluster.api.takeOnly("second");
    cluster.api.sendLine("Ingress", unauthorized);
    cluster.api.endWatches();
    cluster.api.put(ingress("shop", "new", "new.example.com"));
    cluster.time.pass(Duration.ofSeconds(30));
    assertThat(cluster.ingressNames()).containsExactly("shop");

    tokenIs("second");
    cluster.recover("the new one", view -> view.ingresses().size() == 2);
    cluster.time.pass(Duration.ofSeconds(10));
    assertThat(cluster.diagnostics()).isEmpty();
  }
}
