package dev.penstock.ingress.source.kubernetes;

import static dev.penstock.ingress.source.kubernetes.ApiObjects.base64;
import static dev.penstock.ingress.source.kubernetes.ApiObjects.ingress;
import static dev.penstock.ingress.source.kubernetes.ApiObjects.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.Absence;
import dev.penstock.ingress.source.EndpointSliceObject;
import dev.penstock.ingress.source.IngressObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.testkit.Answers;
import dev.penstock.testkit.OriginConnection;
import dev.penstock.testkit.ScriptedApi;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose objects are given up when those of all namespaces cost too much. */
class ObjectBudgetTest {
  private static final int LARGEST_SECRET = 165_000;
  private static final Duration A_WHILE = Duration.ofSeconds(5);

  private SourceFixture cluster = SourceFixture.bounded(KubernetesScope.CLUSTER, 1_000_000);

  @AfterEach
  void close() {
    cluster.close();
  }

  private void bound(KubernetesScope scope, long costMax) {
    cluster.close();
    cluster = SourceFixture.bounded(scope, costMax);
  }

  private void start() {
    cluster.putOneOfEach();
    cluster.startToView();
  }

  private void putServices(String namespace, int count) {
    for (int i = 0; i < count; i++) cluster.api.put(service(namespace, "s" + i));
  }

  private long servicesOf(String namespace) {
    return cluster.view().services().values().stream()
        .filter(service -> service.key().namespace().equals(namespace))
        .filter(service -> !service.ports().isEmpty())
        .count();
  }

  private static String created(String ingress, String time) {
    return ingress.replace("2026-01-31T12:00:00Z", time);
  }

  /** As large as what is kept of one can be. */
  private static String largeSecret(String namespace, String name) {
    return secret(namespace, name, 64 << 10);
  }

  private static String secret(String namespace, String name, int chainBytes) {
    return """
    {"kind":"Secret","apiVersion":"v1","metadata":{"name":"%s","namespace":"%s"},
     "type":"kubernetes.io/tls","data":{"tls.crt":"%s","tls.key":"%s"}}
    """
        .formatted(name, namespace, base64("c".repeat(chainBytes)), base64("k".repeat(16 << 10)));
  }

  @Test
  void whoMakesMostObjectsGivesThemUpAndNobodyElse() {
    putServices("many", 1_000);
    putServices("few", 100);
    start();

    assertThat(servicesOf("few")).isEqualTo(100);
    assertThat(servicesOf("many")).isBetween(650L, 850L);
    assertThat(cluster.ingressNames()).containsExactly("shop");
    assertThat(cluster.diagnostics())
        .singleElement()
        .asString()
        .contains("Namespace many: error", "no room for " + (1_000 - servicesOf("many")) + " serv");
  }

  @Test
  void ofAServiceThatIsGivenUpTheClusterIpStaysDenied() {
    putServices("many", 2_000);
    start();

    assertThat(servicesOf("many")).isLessThan(2_000);
    assertThat(cluster.view().services().values())
        .hasSize(2_001)
        .allMatch(service -> service.clusterIps().contains("10.96.0.7"));
  }

  @Test
  void whatComesLaterFromOthersFindsRoom() {
    putServices("many", 2_000);
    start();
    long kept = servicesOf("many");
    putServices("late", 100);
    cluster.await("them", () -> servicesOf("late") == 100);

    assertThat(servicesOf("many")).isLessThan(kept);
  }

  @Test
  void whatIsSmallAgainIsTakenBackWithinAMinuteOfTheLastTime() {
    putServices("many", 2_000);
    start();
    for (int i = 500; i < 2_000; i++) cluster.api.delete("Service", "many", "s" + i);
    cluster.time.passUntil("they are back", A_WHILE, () -> servicesOf("many") == 500);
    assertThat(cluster.diagnostics()).isEmpty();

    putServices("many", 2_000);
    cluster.time.passUntil("too many", A_WHILE, () -> !cluster.diagnostics().isEmpty());
    for (int i = 500; i < 2_000; i++) cluster.api.delete("Service", "many", "s" + i);
    cluster.time.pass(Duration.ofSeconds(30));
    assertThat(servicesOf("many")).isLessThan(500);
    cluster.time.passUntil(
        "they are back", Duration.ofSeconds(31), () -> servicesOf("many") == 500);
  }

  private static final int PAGES = 3; // of 1,001 Services
  private static final String ONE_BY_NAME = "services?limit=500&fieldSelector=metadata.name";

  private long asked(String part) {
    return cluster.api.asked().stream().filter(target -> target.contains(part)).count();
  }

  private static String withPorts(String namespace, String name, int count) {
    String ports =
        IntStream.range(0, count)
            .mapToObj(i -> "{\"name\":\"p%d\",\"port\":%d}".formatted(i, i + 1))
            .collect(Collectors.joining(","));
    return service(namespace, name)
        .replaceFirst("\"ports\":\\[.*?\\]", "\"ports\":[" + ports + "]");
  }

  @Test
  void whatIsTakenBackIsReadByNameAndOthersAreFollowedMeanwhile() {
    putServices("many", 1_000);
    start();
    int leftOut = (int) (1_000 - servicesOf("many"));
    for (int i = 500; i < 1_000; i++) cluster.api.delete("Service", "many", "s" + i);
    cluster.time.passUntil("they are back", A_WHILE, () -> servicesOf("many") == 500);

    assertThat(asked(ONE_BY_NAME)).isBetween(1L, (long) leftOut);
    assertThat(cluster.lists("services") - asked(ONE_BY_NAME)).isEqualTo(PAGES);
    assertThat(cluster.watches("services")).isEqualTo(1);
  }

  /** Four fifths of the room are free, but it takes more. */
  @Test
  void whatWouldHaveNoRoomIsNotReadAgain() {
    cluster.api.put(withPorts("many", "huge", 7_000));
    start();
    cluster.api.put(service("few", "late"));
    cluster.time.pass(Duration.ofMinutes(3));

    assertThat(servicesOf("many")).isZero();
    assertThat(cluster.diagnostics()).singleElement().asString().contains("no room for 1 services");
    assertThat(asked(ONE_BY_NAME)).isZero();
    assertThat(cluster.lists("services")).isLessThanOrEqualTo(1);
  }

  @Test
  void whatChangesWhileItIsReadAgainIsTakenAsTheWatchTellsIt() {
    putServices("many", 1_000);
    start();
    cluster.api.fault(
        ONE_BY_NAME,
        1,
        (request, connection) -> {
          cluster.api.put(withPorts("many", "s1", 3));
          connection.close(); // and it is asked for once more, by the client itself
        });
    for (int i = 500; i < 1_000; i++) cluster.api.delete("Service", "many", "s" + i);
    cluster.time.passUntil(
        "they are back", Duration.ofSeconds(90), () -> servicesOf("many") == 500);

    assertThat(cluster.view().services())
        .hasEntrySatisfying(
            new ObjectKey("many", "s1"), service -> assertThat(service.ports()).hasSize(3));
  }

  private void deleteServices(String namespace, int from, int to) {
    for (int i = from; i < to; i++) cluster.api.delete("Service", namespace, "s" + i);
  }

  @Test
  void oneThatCannotBeReadAgainHoldsUpNoOther() {
    putServices("many", 1_000);
    start();
    AtomicReference<String> first = new AtomicReference<>("");
    cluster.api.fault(
        target ->
            target.contains(ONE_BY_NAME)
                && (first.compareAndSet("", target) || target.equals(first.get())),
        Integer.MAX_VALUE,
        ScriptedApi.refusing(403));
    deleteServices("many", 500, 1_000);
    cluster.time.passUntil("the others", A_WHILE, () -> servicesOf("many") == 499);
    cluster.api.heal();
    cluster.time.passUntil("it", Duration.ofSeconds(70), () -> servicesOf("many") == 500);
  }

  @Test
  void aRequestThatFailsIsMadeAgainSoon() {
    putServices("many", 1_000);
    start();
    AtomicInteger requests = new AtomicInteger();
    cluster.api.fault(
        target -> target.contains(ONE_BY_NAME) && requests.incrementAndGet() % 10 == 0,
        Integer.MAX_VALUE,
        ScriptedApi.refusing(500));
    deleteServices("many", 500, 1_000);
    cluster.time.passUntil(
        "they are back", Duration.ofSeconds(20), () -> servicesOf("many") == 500);
  }

  @Test
  void whatIsMoreThanAPageIsListed() {
    bound(KubernetesScope.CLUSTER, 1_300_000);
    putServices("many", 1_300);
    for (int i = 0; i < 7; i++) cluster.api.put(largeSecret("many", "x" + i));
    start();
    assertThat(servicesOf("many")).isLessThan(600);
    for (int i = 0; i < 7; i++) cluster.api.delete("Secret", "many", "x" + i);
    cluster.time.passUntil(
        "hundreds more", Duration.ofSeconds(61), () -> servicesOf("many") > 1_050);

    assertThat(asked(ONE_BY_NAME)).isZero();
  }

  /** Then what is known and what is being read are apart. */
  @Test
  void whatAListGaveUpIsTakenBackAlsoWhenThereIsRoomBeforeItEnds() {
    for (int i = 0; i < 4; i++) cluster.api.put(largeSecret("other", "x" + i));
    start();
    putServices("many", 600);
    cluster.api.compact();
    cluster.api.endWatches("Service");
    AtomicBoolean isDone = new AtomicBoolean();
    cluster.api.fault(
        target -> {
          boolean isSecondPage = target.contains("services?") && target.contains("continue=");
          if (isSecondPage && isDone.compareAndSet(false, true)) deleteLargeSecrets();
          return false;
        },
        1,
        ScriptedApi.refusing(500));
    cluster.time.passUntil("all of them", Duration.ofMinutes(2), () -> servicesOf("many") == 600);
    assertThat(cluster.diagnostics()).isEmpty();
  }

  /** And waits until it has been seen. The caller holds the lock of the API server. */
  private void deleteLargeSecrets() {
    for (int i = 0; i < 4; i++) cluster.api.delete("Secret", "other", "x" + i);
    try {
      for (int i = 0; i < 1_000 && cluster.view().secrets().size() > 1; i++) cluster.api.wait(5);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @Test
  void aListThatTakesLongIsNotBegunAnewForWhatWasForgotten() throws IOException {
    bound(KubernetesScope.CLUSTER, 40_000);
    for (int i = 0; i < 300; i++) {
      cluster.api.put(ingress("many", "i" + i, "h" + i + ".example.com"));
    }
    start();
    Queue<OriginConnection> lists = new ConcurrentLinkedQueue<>();
    cluster.api.fault(
        "ingresses?limit",
        Integer.MAX_VALUE,
        (request, connection) -> {
          connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          lists.add(connection);
          connection.hold();
        });
    cluster.api.clearAsked();
    for (int i = 2; i < 300; i++) cluster.api.delete("Ingress", "many", "i" + i);
    for (int i = 0; i < 33; i++) {
      cluster.time.pass(Duration.ofSeconds(2));
      for (OriginConnection each : lists) each.send(Answers.chunk(" "));
      cluster.time.runQuiet();
      cluster.api.put(service("few", "late").replace("8080", "" + (8080 + i)));
    }
    assertThat(cluster.lists("ingresses")).isEqualTo(1);
  }

  /** Their names alone are more than there is room for. */
  @Test
  void whatWasForgottenIsListed() {
    bound(KubernetesScope.CLUSTER, 40_000);
    for (int i = 0; i < 300; i++) {
      cluster.api.put(ingress("many", "i" + i, "h" + i + ".example.com"));
    }
    start();
    assertThat(cluster.ingressNames()).hasSizeLessThan(10);
    for (int i = 2; i < 300; i++) cluster.api.delete("Ingress", "many", "i" + i);
    cluster.time.passUntil(
        "both",
        Duration.ofSeconds(61),
        () -> cluster.ingressNames().equals(Set.of("shop", "i0", "i1")));

    assertThat(cluster.diagnostics()).isEmpty();
  }

  @Test
  void aListThatIsMadeAnewFindsNoRoomEither() {
    putServices("many", 1_000);
    start();
    long kept = servicesOf("many");
    cluster.api.compact();
    cluster.api.endWatches();
    cluster.time.pass(A_WHILE);

    assertThat(cluster.lists("services")).isEqualTo(2 * PAGES);
    assertThat(servicesOf("many")).isEqualTo(kept);
  }

  @Test
  void theNewestIngressGoesFirstAndSaysSo() {
    bound(KubernetesScope.CLUSTER, 100_000);
    for (int i = 10; i < 60; i++) {
      String one = ingress("many", "i" + i, "h" + i + ".example.com");
      cluster.api.put(created(one, "2026-02-01T12:00:" + i + "Z"));
    }
    start();
    Set<String> kept = cluster.ingressNames();

    assertThat(kept).hasSizeBetween(8, 20).contains("shop", "i10").doesNotContain("i59");
    assertThat(cluster.diagnostics())
        .anySatisfy(line ->
            assertThat(line).contains("Ingress many/i59: error", "newest Ingresses have no room"));
    Set<String> oldest =
        IntStream.range(10, 9 + kept.size()).mapToObj(i -> "i" + i).collect(Collectors.toSet());
    assertThat(kept).containsAll(oldest);
  }

  @Test
  void whatWasThereFirstIsNotGivenUpForWhatAnotherMakes() {
    bound(KubernetesScope.CLUSTER, 190_000);
    for (int i = 10; i < 24; i++) {
      cluster.api.put(ingress("large", "i" + i, "l" + i + ".example.com"));
    }
    start();
    for (int i = 10; i < 23; i++) {
      String one = ingress("later", "i" + i, "i" + i + ".example.com");
      cluster.api.put(created(one, "2026-02-01T12:00:" + i + "Z"));
    }
    cluster.await("them", () -> !cluster.diagnostics().isEmpty());
    cluster.time.pass(Duration.ofSeconds(1));

    Map<String, Long> kept =
        cluster.view().ingresses().keySet().stream()
            .collect(Collectors.groupingBy(ObjectKey::namespace, Collectors.counting()));
    assertThat(kept).containsEntry("large", 14L);
    assertThat(kept.get("later")).isLessThan(13);
  }

  @Test
  void oneThatLimitsWhoMayAskLeavesItsHostsClosed() {
    bound(KubernetesScope.CLUSTER, 300_000);
    for (int i = 10; i < 60; i++) {
      String one = ingress("many", "i" + i, "h" + i + ".example.com");
      String limits =
          one.replace(
              "\"namespace\":\"many\",",
              "\"namespace\":\"many\",\"annotations\":"
                  + "{\"nginx.ingress.kubernetes.io/whitelist-source-range\":\"10.0.0.0/8\"},");
      cluster.api.put(created(limits, "2026-02-01T12:00:" + i + "Z"));
    }
    start();

    assertThat(cluster.view().ingresses().get(new ObjectKey("many", "i59")))
        .isNotNull()
        .satisfies(newest -> assertThat(newest.isBroken()).isTrue())
        .extracting(IngressObject::rules)
        .asString()
        .contains("host=h59.example.com, paths=[]");
  }

  @Test
  void secretsThatNoIngressNamesGoFirstAndAreFoundAsSoonAsOneDoes() {
    for (int i = 0; i < 20; i++) cluster.api.put(largeSecret("many", "s" + i + "-tls"));
    cluster.api.put(ingress("many", "s7", "s7.example.com"));
    start();
    ObjectKey named = new ObjectKey("many", "s7-tls");
    int room = 1_000_000 / LARGEST_SECRET;
    assertThat(cluster.view().secrets()).hasSizeBetween(room - 1, room + 1).containsKey(named);
    assertThat(cluster.api.asked()).noneMatch(target -> target.contains("metadata.name"));

    ObjectKey leftOut =
        IntStream.range(0, 20)
            .mapToObj(i -> new ObjectKey("many", "s" + i + "-tls"))
            .filter(key -> !cluster.view().secrets().containsKey(key))
            .findFirst()
            .orElseThrow();
    String name = leftOut.name().replace("-tls", "");
    cluster.api.put(ingress("many", name, "found.example.com"));
    cluster.await("it", () -> cluster.view().secrets().containsKey(leftOut));
    assertThat(cluster.view().secrets()).containsKey(named);
  }

  private void putNamedSecrets(int count) {
    for (int i = 0; i < count; i++) {
      cluster.api.put(largeSecret("many", "s" + i + "-tls"));
      cluster.api.put(ingress("many", "s" + i, "s" + i + ".example.com"));
    }
  }

  private Set<ObjectKey> secretsOfMany() {
    return cluster.view().secrets().keySet().stream()
        .filter(key -> key.namespace().equals("many"))
        .collect(Collectors.toSet());
  }

  @Test
  void aSecretThatWouldBeGivenUpAgainIsNotReadByName() {
    putNamedSecrets(20);
    start();
    Set<ObjectKey> kept = secretsOfMany();
    assertThat(kept).hasSizeBetween(4, 6);
    assertThat(cluster.absent(Absence.NO_ROOM)).hasSize(20 - kept.size());

    cluster.api.put(largeSecret("many", "late-tls"));
    cluster.api.put(ingress("many", "late", "late.example.com"));
    cluster.await("it", () -> cluster.view().ingresses().size() == 22);
    cluster.time.runQuiet();
    assertThat(cluster.absent(Absence.NO_ROOM)).hasSize(21 - secretsOfMany().size());
    // The new Ingress may be seen before its Secret.
    assertThat(asked("metadata.name")).isLessThanOrEqualTo(1);

    for (ObjectKey each : kept) cluster.api.delete("Secret", each.namespace(), each.name());
    cluster.time.passUntil("none", A_WHILE, () -> Collections.disjoint(secretsOfMany(), kept));
    cluster.time.passUntil(
        "others", Duration.ofSeconds(61), () -> secretsOfMany().size() >= kept.size() - 1);
  }

  /** Nothing of all is free meanwhile: who has more than his share makes more and more. */
  private void putNewer(String namespace, int from, int to) {
    for (int i = from; i < to; i++) {
      cluster.api.put(
          service(namespace, "s" + i)
              .replace(
                  "\"namespace\":",
                  "\"creationTimestamp\":\"2026-03-01T12:00:00Z\",\"namespace\":"));
    }
  }

  @Test
  void whoComesToTakeLessThanHisShareGetsBackWhatHeGaveUp() {
    putServices("flood", 2_000);
    putNewer("less", 0, 400);
    start();
    int kept = (int) servicesOf("less");
    assertThat(kept).isBetween(200, 350);
    cluster
        .view()
        .services()
        .forEach((key, service) -> {
          boolean isKept = key.namespace().equals("less") && !service.ports().isEmpty();
          if (isKept) cluster.api.delete("Service", "less", key.name());
        });
    putNewer("flood", 2_000, 3_000);
    cluster.time.passUntil(
        "its others", Duration.ofSeconds(65), () -> servicesOf("less") == 400 - kept);

    assertThat(servicesOf("flood")).isGreaterThan(300);
  }

  @Test
  void aSecretThatIsNamedIsReadByNameOnceAnotherIsNotAnyMore() {
    putNamedSecrets(20);
    start();
    Set<ObjectKey> kept = secretsOfMany();
    ObjectKey first = kept.iterator().next();
    cluster.api.delete("Ingress", "many", first.name().replace("-tls", ""));
    cluster.await("another", () -> !kept.containsAll(secretsOfMany()));

    assertThat(secretsOfMany()).doesNotContain(first).hasSizeBetween(4, 6);
    assertThat(asked("metadata.name")).isPositive();
  }

  @Test
  void anIngressOfTheNameOfASecretGoesAsAnyOther() {
    bound(KubernetesScope.CLUSTER, 100_000);
    cluster.api.put(ingress("many", "i59", "first.example.com"));
    start();
    for (int i = 10; i < 60; i++) {
      String one = ingress("many", "i" + i + "-tls", "h" + i + ".example.com");
      cluster.api.put(created(one, "2026-02-01T12:00:" + i + "Z"));
    }
    cluster.time.passUntil(
        "the last",
        A_WHILE,
        () -> cluster.diagnostics().stream().anyMatch(line -> line.contains("many/i58-tls")));
    cluster.time.runQuiet();

    assertThat(cluster.ingressNames()).contains("i59", "i10-tls").doesNotContain("i59-tls");
  }

  @Test
  void whatSaysWhereNobodyMayLeadIsNeverGivenUp() {
    ObjectKey gateway = new ObjectKey("penstock", "penstock");
    KubernetesScope scope =
        new KubernetesScope(
            Set.of(), "", KubernetesScope.SecretsMode.TLS, Set.of(), Optional.of(gateway));
    bound(scope, 6_000);
    cluster.api.put(ApiObjects.slice("penstock", "penstock", "10.0.0.8"));
    cluster.api.put(
        ApiObjects.slice("default", "kubernetes", "10.0.0.9")
            .replace("kubernetes-1", "kubernetes"));
    putServices("penstock", 100);
    start();

    assertThat(cluster.view().slices())
        .containsOnlyKeys(
            EndpointSliceObject.OF_API_SERVERS, new ObjectKey("penstock", "penstock-1"));
    assertThat(servicesOf("penstock")).isLessThan(10);
  }

  /** Within the bound, and nobody who kept all has more than who did not. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theRoomIsSharedFairly(long seed) {
    bound(KubernetesScope.CLUSTER, 300_000);
    Random random = new Random(seed);
    Map<String, Integer> made = new HashMap<>();
    for (int i = 0; i < 8; i++) {
      String namespace = "n" + i;
      made.put(namespace, random.nextInt(1, 150));
      putServices(namespace, made.get(namespace));
    }
    start();

    int one = 1_200; // what a Service costs, rounded up
    long all = made.keySet().stream().mapToLong(this::servicesOf).sum();
    assertThat(all * 1_100).isLessThan(300_000);
    long keptByWhoGave =
        made.entrySet().stream()
            .filter(each -> servicesOf(each.getKey()) < each.getValue())
            .map(Map.Entry::getKey)
            .mapToLong(this::servicesOf)
            .min()
            .orElse(Long.MAX_VALUE);
    made.forEach((name, count) -> {
      if (servicesOf(name) == count) {
        // the names of those given up cost something too
        assertThat((long) count).isLessThanOrEqualTo(keptByWhoGave + 150 * 400 / one + 1);
      }
    });
  }
}
