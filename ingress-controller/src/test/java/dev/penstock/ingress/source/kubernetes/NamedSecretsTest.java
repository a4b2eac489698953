package dev.penstock.ingress.source.kubernetes;

import static dev.penstock.ingress.source.kubernetes.ApiObjects.ingress;
import static dev.penstock.ingress.source.kubernetes.ApiObjects.secret;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.Absence;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.testkit.ScriptedApi;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Secrets that are read by their names: which, and when. */
class NamedSecretsTest {
  private static final ObjectKey SHOP_TLS = new ObjectKey("shop", "shop-tls");

  private final SourceFixture cluster = SourceFixture.empty(KubernetesScope.CLUSTER, false);

  @BeforeEach
  void putOneOfEach() {
    cluster.putOneOfEach();
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void whoNamesManySecretsThatAreMissingTakesNoneFromOthers() {
    for (int i = 0; i < 300; i++) {
      cluster.api.put(ingress("aaa", "i" + i, "i" + i + ".example.com"));
    }
    for (int i = 0; i < 90; i++) {
      cluster.api.put(ingress("zzz", "i" + i, "z" + i + ".example.com"));
      cluster.api.put(secret("zzz", "i" + i + "-tls", "Opaque"));
    }
    cluster.startToView();

    assertThat(cluster.view().secrets()).hasSize(91).containsKey(SHOP_TLS);
    assertThat(cluster.absent(Absence.UNSOUGHT))
        .hasSize(190)
        .allMatch(key -> key.namespace().equals("aaa"));
  }

  /** Where one has been told of a Secret just now. */
  private void toldOfASecretIn(String namespace) {
    cluster.startToView();
    cluster.api.put(secret(namespace, "other-tls", "kubernetes.io/tls"));
    cluster.await("it", () -> cluster.view().secrets().size() == 2);
  }

  private void nameFiftyThatAreMissing(String namespace) {
    int before = cluster.view().ingresses().size();
    for (int i = 0; i < 50; i++) {
      cluster.api.put(ingress(namespace, "i" + i, "i" + i + ".example.com"));
    }
    cluster.await("all", () -> cluster.view().ingresses().size() == before + 50);
  }

  private long askedByName(String namespace) {
    return cluster.api.asked().stream()
        .filter(target -> target.contains("/namespaces/" + namespace + "/secrets?limit"))
        .count();
  }

  @Test
  void whileTheWatchOfSecretsMayHaveMoreToTellFewAreReadByName() {
    toldOfASecretIn("busy");
    nameFiftyThatAreMissing("busy");
    assertThat(askedByName("busy")).isBetween(10L, 12L);
    assertThat(cluster.absent(Absence.NOT_YET)).hasSizeBetween(38, 40);
    nameFiftyThatAreMissing("calm");
    assertThat(askedByName("calm")).isEqualTo(50);

    cluster.time.passUntil("the others", Duration.ofSeconds(2), () -> askedByName("busy") == 50);
    cluster.await("nothing to begin", () -> cluster.view().absent().isEmpty());
  }

  @Test
  void aWatchOfSecretsThatWasEndedMayHaveMoreToTellForLonger() {
    toldOfASecretIn("busy");
    cluster.api.fault(
        target -> target.contains("/api/v1/secrets?watch"),
        Integer.MAX_VALUE,
        ScriptedApi.refusing(500));
    cluster.api.endWatches("Secret");
    cluster.time.pass(Duration.ofSeconds(4));
    nameFiftyThatAreMissing("busy");
    assertThat(askedByName("busy")).isBetween(10L, 12L);
    nameFiftyThatAreMissing("calm");
    assertThat(askedByName("calm")).isEqualTo(50);

    cluster.time.passUntil("the others", Duration.ofSeconds(8), () -> askedByName("busy") == 50);
  }

  /** Also when one is not answered, for which views wait no longer then. */
  @Test
  void ofOthersThatAreNamedAgainAndAgainTenASecondAreRead() {
    for (int i = 0; i < 190; i++) {
      cluster.api.put(ingress("many", "a" + i, "a" + i + ".example.com"));
    }
    cluster.startToView();
    assertThat(askedByName("many")).isEqualTo(190);
    cluster.api.fault("metadata.name=bad-tls", Integer.MAX_VALUE, ScriptedApi.refusing(500));
    cluster.api.put(ingress("bad", "bad", "bad.example.com"));
    cluster.time.pass(Duration.ofSeconds(2));
    assertThat(cluster.absent(Absence.NOT_YET)).containsExactly(new ObjectKey("bad", "bad-tls"));
    for (int i = 0; i < 180; i++) {
      cluster.api.delete("Ingress", "many", "a" + i);
      cluster.api.put(ingress("many", "b" + i, "b" + i + ".example.com"));
    }
    cluster.await("them", () -> cluster.absent(Absence.NOT_YET).size() > 100);
    cluster.time.passUntil("the others", Duration.ofSeconds(18), () -> askedByName("many") == 370);
  }

  @Test
  void theFirstViewWaitsForSecretsThatWaitForTheirTurn() {
    cluster.api.put(ingress("shop", "held", "held.example.com"));
    cluster.api.fault("metadata.name=held-tls", Integer.MAX_VALUE, ScriptedApi.refusing(500));
    cluster.start();
    cluster.time.pass(Duration.ofMillis(500));
    cluster.api.put(secret("busy", "other-tls", "kubernetes.io/tls"));
    cluster.time.pass(Duration.ofMillis(100));
    for (int i = 0; i < 50; i++) {
      cluster.api.put(ingress("busy", "i" + i, "i" + i + ".example.com"));
    }
    cluster.api.heal();
    for (int i = 0; i < 10; i++) {
      cluster.api.put(secret("busy", "other" + i + "-tls", "kubernetes.io/tls"));
      cluster.time.pass(Duration.ofMillis(500));
    }
    assertThat(cluster.views).isEmpty();
    cluster.time.passUntil("a view", Duration.ofSeconds(5), () -> !cluster.views.isEmpty());
    assertThat(cluster.view().absent()).isEmpty();
  }

  @Test
  void whatWasFoundIsKeptWhenMoreAreNamedThanAreLookedFor() {
    for (int i = 0; i < 100; i++) {
      cluster.api.put(ingress("shop", "z" + i, "z" + i + ".example.com"));
      cluster.api.put(secret("shop", "z" + i + "-tls", "Opaque"));
    }
    cluster.startToView();
    assertThat(cluster.view().secrets()).hasSize(101);

    for (int i = 0; i < 150; i++) {
      cluster.api.put(ingress("shop", "a" + i, "a" + i + ".example.com"));
    }
    cluster.await("all", () -> cluster.view().ingresses().size() == 251);
    assertThat(cluster.view().secrets()).hasSize(101);
    assertThat(cluster.absent(Absence.UNSOUGHT))
        .hasSize(50)
        .allMatch(key -> key.name().startsWith("a"));
  }
}
