package dev.penstock.ingress.source.kubernetes;

import static dev.penstock.ingress.source.kubernetes.ApiObjects.ingress;
import static dev.penstock.ingress.source.kubernetes.ApiObjects.ingressClass;
import static dev.penstock.ingress.source.kubernetes.ApiObjects.secret;
import static dev.penstock.ingress.source.kubernetes.ApiObjects.service;
import static dev.penstock.ingress.source.kubernetes.ApiObjects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.ManifestReader;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.SourceListener;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Translation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the source tells when the API server works. */
class KubernetesSourceTest {
  private static final ObjectKey WEB = new ObjectKey("shop", "web");
  private static final ObjectKey WEB_SLICE = new ObjectKey("shop", "web-1");

  private @Nullable SourceFixture opened;

  private SourceFixture opened(SourceFixture fixture) {
    opened = fixture;
    return fixture;
  }

  private SourceFixture following() {
    return opened(SourceFixture.following());
  }

  @AfterEach
  void close() {
    if (opened != null) opened.close();
  }

  @Test
  void aClusterGivesTheSameViewAsADirectoryWithItsObjects() {
    SourceFixture cluster = following();
    Map<String, byte[]> files =
        Map.of(
            "a.json", bytes(ingressClass("penstock")),
            "b.json", bytes(ingress("shop", "shop", "shop.example.com")),
            "c.json", bytes(service("shop", "web")),
            "d.json", bytes(slice("shop", "web", "10.0.0.1")),
            "e.json", bytes(secret("shop", "shop-tls", "kubernetes.io/tls")));
    ClusterView directory = ManifestReader.readAll(files).value();

    assertThat(cluster.view())
        .usingRecursiveComparison()
        .ignoringFieldsMatchingRegexes(".*\\.(file|line|column|places)")
        .isEqualTo(directory);
    assertThat(cluster.diagnostics()).isEmpty();
  }

  @Test
  void theFirstViewIsToldWhenEveryKindWasListedAndNoneBefore() {
    SourceFixture cluster = opened(SourceFixture.empty(KubernetesScope.CLUSTER, false));
    cluster.putOneOfEach();
    cluster.api.refuseLists("Service", 4, 500);
    cluster.start();
    cluster.time.runQuiet();
    assertThat(cluster.views).isEmpty();

    cluster.time.passUntil("the view", Duration.ofSeconds(10), () -> !cluster.views.isEmpty());

    assertThat(cluster.view().services()).containsKey(WEB);
    assertThat(cluster.view().ingresses()).hasSize(1);
  }

  @Test
  void additionsChangesAndDeletionsAreToldWithoutWaiting() {
    SourceFixture cluster = following();
    cluster.api.put(ingress("shop", "blog", "blog.example.com"));
    cluster.await("two", () -> cluster.view().ingresses().size() == 2);
    cluster.api.put(slice("shop", "web", "10.0.0.2"));
    cluster.await("the change", () -> cluster.view().toString().contains("10.0.0.2"));
    cluster.api.delete("Ingress", "shop", "shop");
    cluster.time.passUntil(
        "the deletion", Duration.ofMillis(50), () -> cluster.view().ingresses().size() == 1);

    assertThat(cluster.ingressNames()).containsExactly("blog");
    assertThat(cluster.lists("ingresses")).isEqualTo(1);
  }

  @Test
  void aViewThatDiffersInSlicesAloneSharesEverythingElse() {
    SourceFixture cluster = following();
    ClusterView before = cluster.view();
    cluster.api.put(slice("shop", "web", "10.0.0.2"));
    cluster.time.passUntil(
        "the change", Duration.ofSeconds(1), () -> !cluster.view().equals(before));

    assertThat(cluster.view().slices().get(WEB_SLICE)).isNotEqualTo(before.slices().get(WEB_SLICE));
    assertThat(cluster.view().ingresses()).isSameAs(before.ingresses());
    assertThat(cluster.view().services()).isSameAs(before.services());
    assertThat(cluster.view().secrets()).isSameAs(before.secrets());
  }

  @Test
  void aChangeOfWhatNobodyReadsIsNotTold() {
    SourceFixture cluster = following();
    int told = cluster.views.size();
    cluster.api.put(ingress("shop", "shop", "shop.example.com").replace("192.0.2.1", "192.0.2.9"));
    cluster.time.pass(Duration.ofSeconds(1));

    assertThat(cluster.views).hasSize(told);
  }

  @Test
  void changesThatComeTogetherAreToldTogether() {
    SourceFixture cluster = following();
    int told = cluster.views.size();
    for (int i = 0; i < 200; i++) cluster.api.put(service("shop", "service-" + i));
    cluster.time.passUntil(
        "all", Duration.ofSeconds(1), () -> cluster.view().services().size() == 201);

    assertThat(cluster.views.size() - told).isLessThan(60);
  }

  /** Else who changes much keeps the thread from reading what others change. */
  @ParameterizedTest
  @CsvSource({"300, 300", "5000, 500"})
  void betweenTwoViewsIsAsMuchTimeAsTheFirstTookButNotMoreThanHalfASecond(long took, long pause) {
    SourceFixture cluster = opened(SourceFixture.empty(KubernetesScope.CLUSTER, false));
    List<Long> begun = new ArrayList<>();
    cluster.source.start(
        new SourceListener() {
          @Override
          public void onView(Translation<ClusterView> view) {
            begun.add(cluster.time.clock().getAsLong());
            cluster.time.clock().advance(Duration.ofMillis(took));
          }

          @Override
          public void onOutage(Diagnostic why) {}
        });
    cluster.time.passUntil("the first view", Duration.ofSeconds(5), () -> begun.size() == 1);
    for (int i = 2; i < 5; i++) {
      int views = i;
      cluster.api.put(service("shop", "service-" + i));
      cluster.time.passUntil("the next view", Duration.ofSeconds(1), () -> begun.size() == views);
      assertThat(Duration.ofNanos(begun.getLast() - begun.get(i - 2)).toMillis())
          .isBetween(took + pause, took + pause + 100);
    }
  }

  @Test
  void aLongListIsReadInPages() {
    SourceFixture cluster = opened(SourceFixture.empty(KubernetesScope.CLUSTER, false));
    for (int i = 0; i < 1_203; i++) {
      cluster.api.put(ingress("shop", "shop-" + i, "h" + i + ".example.com"));
    }
    cluster.start();
    cluster.time.passUntil("the view", Duration.ofSeconds(5), () -> !cluster.views.isEmpty());

    assertThat(cluster.view().ingresses()).hasSize(1_203);
    assertThat(cluster.lists("ingresses")).isEqualTo(3);
  }

  @Test
  void secretsWhichCanBeLargeAreReadInSmallerPages() {
    SourceFixture cluster = opened(SourceFixture.empty(KubernetesScope.CLUSTER, false));
    for (int i = 0; i < 130; i++) cluster.api.put(secret("shop", "s" + i, "kubernetes.io/tls"));
    cluster.start();
    cluster.time.passUntil("the view", Duration.ofSeconds(5), () -> !cluster.views.isEmpty());

    assertThat(cluster.view().secrets()).hasSize(130);
    assertThat(cluster.lists("secrets")).isEqualTo(3);
  }

  @Test
  void anObjectThatHoldsWhatItMustNotHoldIsSetAsideAndNamed() {
    SourceFixture cluster = following();
    String broken =
        ingress("shop", "broken", "b.example.com").replace("\"number\":80", "\"number\":\"80\"");
    cluster.api.put(broken);
    cluster.await("the view", () -> !cluster.diagnostics().isEmpty());

    assertThat(cluster.ingressNames()).containsExactly("shop");
    assertThat(cluster.diagnostics())
        .singleElement()
        .asString()
        .contains("Ingress shop/broken", "spec.rules[0].http.paths[0].backend.service.port.number");
  }

  @Test
  void theConveniencesOfADirectoryHaveNoEffect() {
    SourceFixture cluster = following();
    cluster.api.put(
        service("shop", "web")
            .replace(
                "\"name\":\"web\",",
                "\"name\":\"web\",\"annotations\":{\"penstock.dev/endpoints\":\"127.0.0.1:22\"},"));
    cluster.api.put(
        """
        {"kind":"Secret","apiVersion":"v1","metadata":{"name":"shop-tls","namespace":"shop"},
         "type":"kubernetes.io/tls","data":{"tls.crt":"%s","tls.key":"%s"}}
        """
            .formatted(
                ApiObjects.base64("file:///etc/passwd"), ApiObjects.base64("file://key.pem")));
    cluster.await("both", () -> cluster.diagnostics().size() == 2);

    assertThat(cluster.view().services().get(WEB))
        .satisfies(service -> assertThat(service.directEndpoints()).isEmpty());
    assertThat(cluster.diagnostics())
        .allSatisfy(line ->
            assertThat(line)
                .contains("Secret shop/shop-tls: warning", "file:// has no effect")
                .doesNotContain("passwd"));
  }

  @Test
  void aWatchThatHasHadItsTimeIsFollowedByAnotherFromWhereItWas() {
    SourceFixture cluster = following();
    cluster.api.put(service("shop", "late"));
    cluster.await("it", () -> cluster.view().services().size() == 2);
    long seen = cluster.api.version();
    cluster.time.pass(Duration.ofSeconds(10));
    cluster.api.endWatches();
    cluster.api.put(service("shop", "later"));
    cluster.recover("the third", view -> view.services().size() == 3);

    assertThat(cluster.api.asked())
        .anyMatch(
            t -> t.contains("/services?watch") && t.contains("resourceVersion=" + seen + "&"));
    assertThat(cluster.lists("services")).isEqualTo(1);
  }

  @Test
  void aBookmarkIsWhereAWatchGoesOn() {
    SourceFixture cluster = following();
    cluster.api.put(service("shop", "other")); // moves the version
    cluster.api.bookmark("Ingress");
    long seen = cluster.api.version();
    cluster.time.pass(Duration.ofSeconds(10));
    cluster.api.endWatches();
    cluster.time.passUntil(
        "a second watch", Duration.ofSeconds(1), () -> cluster.watches("ingresses") == 2);

    assertThat(cluster.api.asked())
        .anyMatch(
            t -> t.contains("/ingresses?watch") && t.contains("resourceVersion=" + seen + "&"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
