package dev.penstock.ingress.source.kubernetes;

import static dev.penstock.ingress.source.kubernetes.ApiObjects.ingress;
import static dev.penstock.ingress.source.kubernetes.ApiObjects.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Diagnostic;
import dev.penstock.testkit.Answers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An API server that breaks or lies: what is known stays, and all is well soon after it ends. */
class BrokenApiServerTest {
  private static final int ALWAYS = Integer.MAX_VALUE;

  private SourceFixture cluster;
  private int viewsBefore;

  @BeforeEach
  void follow() {
    cluster = SourceFixture.following();
    for (int i = 0; i < 5; i++) cluster.api.put(ingress("shop", "i" + i, "i" + i + ".example.com"));
    cluster.recover("six", view -> view.ingresses().size() == 6);
    cluster.time.pass(Duration.ofSeconds(10)); // the watches are good ones
    viewsBefore = cluster.views.size();
    cluster.api.clearAsked();
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  /** Nobody may have been told of a view with fewer Ingresses than this. */
  private void neverFewerThan(int ingresses) {
    assertThat(cluster.views.subList(viewsBefore, cluster.views.size()))
        .allMatch(view -> view.value().ingresses().size() >= ingresses);
  }

  /** A watch from the past has to be replaced by a list. */
  private void makeEverybodyList() {
    cluster.api.compact();
    cluster.api.endWatches();
  }

  @Test
  void refusalsAreRetriedWithoutFloodingAndForgottenSoon() {
    cluster.api.refuseWatches("Ingress", ALWAYS, 500);
    cluster.api.refuseLists("Ingress", ALWAYS, 503);
    cluster.api.endWatches();
    cluster.time.pass(Duration.ofSeconds(30));
    long asked = cluster.lists("ingresses") + cluster.watches("ingresses");
    cluster.api.put(ingress("shop", "new", "new.example.com"));
    cluster.api.heal();
    cluster.recover("the new one", view -> view.ingresses().size() == 7);

    assertThat(asked).isBetween(10L, 60L);
    neverFewerThan(6);
  }

  @Test
  void aServerThatAsksForPatienceGetsIt() {
    cluster.api.refuseLists("Ingress", ALWAYS, 429, "Retry-After: 3");
    makeEverybodyList();
    cluster.time.pass(Duration.ofSeconds(30));

    assertThat(cluster.lists("ingresses")).isBetween(4L, 11L);
    cluster.api.put(ingress("shop", "new", "new.example.com"));
    cluster.api.heal();
    cluster.time.passUntil(
        "the new one", Duration.ofSeconds(7), () -> cluster.view().ingresses().size() == 7);
  }

  @Test
  void aServerThatTakesRequestsAndSaysNothingIsAskedAgain() {
    cluster.api.fault("/ingresses?limit", 2, (request, connection) -> connection.hold());
    makeEverybodyList();
    cluster.api.put(ingress("shop", "new", "new.example.com"));
    cluster.time.passUntil(
        "the new one", Duration.ofSeconds(20), () -> cluster.view().ingresses().size() == 7);

    neverFewerThan(6);
  }

  @Test
  void aWatchThatSaysNothingIsMadeAgainWithoutAList() {
    cluster.api.fault("/ingresses?watch", 1, (request, connection) -> connection.hold());
    cluster.api.endWatches();
    cluster.time.pass(Duration.ofSeconds(10));
    cluster.api.put(ingress("shop", "new", "new.example.com"));
    cluster.recover("the new one", view -> view.ingresses().size() == 7);

    assertThat(cluster.watches("ingresses")).isEqualTo(2);
    assertThat(cluster.lists("ingresses")).isZero();
  }

  @Test
  void patienceWithASlowServerLastsUntilAWatchIs() {
    cluster.api.fault("/ingresses?limit", 1, (request, connection) -> connection.hold());
    makeEverybodyList();
    cluster.time.passUntil("a list", Duration.ofSeconds(4), () -> cluster.lists("ingresses") == 1);
    long before = cluster.watches("ingresses");
    cluster.api.fault("/ingresses?watch", 1, (request, connection) -> connection.hold());
    cluster.time.pass(Duration.ofSeconds(14));
    assertThat(cluster.watches("ingresses")).isEqualTo(before + 1);
    cluster.time.pass(Duration.ofSeconds(5));

    assertThat(cluster.watches("ingresses")).isEqualTo(before + 2);
    assertThat(cluster.lists("ingresses")).isEqualTo(2);
  }

  @Test
  void halfAnEventIsNoEventAndIsToldAgain() {
    cluster.api.fault(
        "/ingresses?watch",
        1,
        (request, connection) -> {
          connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          connection.send(Answers.chunk("{\"type\":\"ADDED\",\"object\":{\"kind\":\"Ingr"));
          connection.close();
        });
    cluster.api.endWatches();
    cluster.api.put(ingress("shop", "new", "new.example.com"));
    cluster.recover("the new one", view -> view.ingresses().size() == 7);

    assertThat(cluster.lists("ingresses")).isZero();
  }

  @Test
  void anEventThatIsNoJsonMakesAList() {
    cluster.api.sendLine("Ingress", "{\"type\":\"MODIFIED\",\"object\":{\"metadata\":[]\n");
    cluster.api.put(ingress("shop", "new", "new.example.com"));
    cluster.recover("the new one", view -> view.ingresses().size() == 7);

    assertThat(cluster.lists("ingresses")).isEqualTo(1);
  }

  @Test
  void halfAListChangesNothing() {
    cluster.api.fault(
        "/ingresses?limit",
        2,
        (request, connection) -> {
          connection.send("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"metadata\":");
          connection.send("{\"resourceVersion\":\"99999\"},\"items\":[");
          connection.close();
        });
    makeEverybodyList();
    cluster.api.put(ingress("shop", "new", "new.example.com"));
    cluster.recover("the new one", view -> view.ingresses().size() == 7);

    neverFewerThan(6);
  }

  @Test
  void aServerThatForgetsEverythingAllTheTimeIsNotListedAllTheTime() {
    cluster.api.refuseWatches("Ingress", ALWAYS, 410);
    cluster.api.endWatches();
    cluster.time.pass(Duration.ofSeconds(30));

    assertThat(cluster.lists("ingresses")).isBetween(5L, 31L);
    cluster.api.put(ingress("shop", "new", "new.example.com"));
    cluster.api.heal();
    cluster.recover("the new one", view -> view.ingresses().size() == 7);
  }

  @Test
  void anEmptyListAfterAFullOneIsBelievedWhenASecondOneSaysTheSame() {
    cluster.api.lose("Ingress", name -> true);
    makeEverybodyList();
    cluster.time.pass(Duration.ofMillis(4_500));
    assertThat(cluster.view().ingresses()).hasSize(6);

    Duration taken =
        cluster.time.passUntil(
            "the emptiness", Duration.ofSeconds(3), () -> cluster.view().ingresses().isEmpty());
    assertThat(taken).isGreaterThan(Duration.ofMillis(100));
    assertThat(cluster.lists("ingresses")).isEqualTo(2);
  }

  @Test
  void listsThatLackHalfAndContradictEachOtherTakeNothingDown() {
    cluster.api.lose("Ingress", name -> true);
    makeEverybodyList();
    cluster.time.pass(Duration.ofSeconds(4));
    cluster.api.put(ingress("shop", "i0", "i0.example.com"));
    cluster.time.pass(Duration.ofSeconds(4));
    cluster.api.lose("Ingress", name -> true);
    cluster.api.put(ingress("shop", "i1", "i1.example.com"));
    cluster.time.pass(Duration.ofSeconds(5));

    assertThat(cluster.lists("ingresses")).isEqualTo(3);
    neverFewerThan(6);
  }

  @Test
  void anEmptyListThatWasALieTakesNothingDown() {
    cluster.api.fault(
        "/ingresses?limit",
        1,
        (request, connection) ->
            connection.send(
                Answers.ok("{\"metadata\":{\"resourceVersion\":\"99999\"},\"items\":[]}")));
    makeEverybodyList();
    cluster.time.pass(Duration.ofSeconds(8));
    cluster.api.put(ingress("shop", "new", "new.example.com"));
    cluster.time.passUntil(
        "the new one", Duration.ofSeconds(1), () -> cluster.view().ingresses().size() == 7);

    neverFewerThan(6);
  }

  @Test
  void aListThatLacksLessThanHalfIsBelievedAtOnce() {
    cluster.api.lose("Ingress", name -> Set.of("i0", "i1", "i2").contains(name));
    makeEverybodyList();

    cluster.recover("three are gone", view -> view.ingresses().size() == 3);
  }

  @Test
  void deletionsThatAWatchTellsAreBelievedHoweverMany() {
    for (String name : cluster.ingressNames()) cluster.api.delete("Ingress", "shop", name);
    cluster.time.passUntil(
        "none", Duration.ofMillis(100), () -> cluster.view().ingresses().isEmpty());

    assertThat(cluster.lists("ingresses")).isZero();
  }

  @Test
  void anOlderListIsBelievedWhenNothingNewerComesForAMinute() {
    cluster.api.lose("Ingress", name -> name.equals("i0"));
    cluster.api.restoreTo(10);
    cluster.api.bookmark("Ingress", 10);
    cluster.time.pass(Duration.ofSeconds(58));
    assertThat(cluster.view().ingresses()).hasSize(6);

    cluster.time.passUntil(
        "the older state", Duration.ofSeconds(8), () -> cluster.view().ingresses().size() == 5);
    assertThat(cluster.lists("ingresses")).isLessThan(40);
    cluster.api.put(ingress("shop", "new", "new.example.com"));
    cluster.recover("the new one", view -> view.ingresses().size() == 6);
  }

  @Test
  void anOlderListThatWasALieTakesNothingDown() {
    cluster.api.fault(
        "/ingresses?limit",
        3,
        (request, connection) ->
            connection.send(Answers.ok("{\"metadata\":{\"resourceVersion\":\"5\"},\"items\":[]}")));
    makeEverybodyList();
    cluster.time.pass(Duration.ofSeconds(20));
    cluster.api.put(ingress("shop", "new", "new.example.com"));
    cluster.time.passUntil(
        "the new one", Duration.ofSeconds(1), () -> cluster.view().ingresses().size() == 7);

    neverFewerThan(6);
  }

  @Test
  void anEventThatComesTwiceIsOne() {
    cluster.api.put(ingress("shop", "new", "new.example.com"));
    cluster.await("the new one", () -> cluster.view().ingresses().size() == 7);
    cluster.time.pass(Duration.ofSeconds(1)); // its Secret, which is none, has been looked for
    int told = cluster.views.size();
    cluster.api.sendLine("Ingress", event("ADDED", "new", cluster.api.version()));
    cluster.api.sendLine("Ingress", event("ADDED", "new", cluster.api.version()));
    cluster.time.pass(Duration.ofSeconds(1));

    assertThat(cluster.views).hasSize(told);
    assertThat(cluster.lists("ingresses")).isZero();
  }

  @Test
  void anOldEventOfAnObjectThatIsGoneBringsItNotBack() {
    cluster.api.delete("Ingress", "shop", "i0");
    cluster.await("five", () -> cluster.view().ingresses().size() == 5);
    cluster.api.sendLine("Ingress", event("ADDED", "i0", cluster.api.version() - 1));
    cluster.time.pass(Duration.ofSeconds(3));

    assertThat(cluster.ingressNames()).doesNotContain("i0");
    assertThat(cluster.lists("ingresses")).isEqualTo(1);
  }

  @Test
  void anEventThatComesTooLateIsNotLost() {
    // The server has both, but tells the younger one alone, and then the older one.
    cluster.api.fault(
        "/ingresses?watch",
        1,
        (request, connection) -> {
          long version = cluster.api.version();
          connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          connection.send(Answers.chunk(event("ADDED", "young", version)));
          connection.send(Answers.chunk(event("ADDED", "old", version - 1)));
          connection.hold();
        });
    cluster.api.endWatches();
    cluster.api.put(ingress("shop", "old", "old.example.com"));
    cluster.api.put(ingress("shop", "young", "young.example.com"));
    cluster.recover("both", view -> view.ingresses().size() == 8);

    assertThat(cluster.lists("ingresses")).isEqualTo(1);
  }

  private static String event(String type, String name, long version) {
    String object =
        ingress("shop", name, name + ".example.com")
            .replace("\"metadata\":{", "\"metadata\":{\"resourceVersion\":\"" + version + "\",")
            .replace("\n", "");
    return "{\"type\":\"" + type + "\",\"object\":" + object + "}\n";
  }

  @Test
  void aWatchThatSaysNothingForTooLongIsGivenUp() {
    cluster.time.pass(Duration.ofSeconds(75));
    assertThat(cluster.watches("ingresses")).isZero();
    cluster.time.pass(Duration.ofSeconds(20));
    assertThat(cluster.watches("ingresses")).isEqualTo(1);
    assertThat(cluster.lists("ingresses")).isZero();
  }

  @Test
  void whatTwoWatchesInARowSayNothingOfIsListed() {
    cluster.time.pass(Duration.ofSeconds(160));
    assertThat(cluster.lists("ingresses")).isZero();
    cluster.time.pass(Duration.ofSeconds(20));

    assertThat(cluster.watches("ingresses")).isEqualTo(2);
    assertThat(cluster.lists("ingresses")).isEqualTo(1);
  }

  @Test
  void bookmarksKeepAWatchAlive() {
    for (int i = 0; i < 5; i++) {
      cluster.time.pass(Duration.ofSeconds(60));
      cluster.api.bookmark("Ingress");
      cluster.time.runQuiet();
    }

    assertThat(cluster.watches("ingresses")).isZero();
    assertThat(cluster.watches("services")).isPositive();
  }

  @Test
  void anEventWithoutEndIsCutAndDoesNotFillTheMemory() {
    String megabyte = "x".repeat(1 << 20);
    cluster.api.fault(
        "/ingresses?watch",
        1,
        (request, connection) -> {
          connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          for (int i = 0; i < 1_000; i++) connection.send(Answers.chunk(megabyte));
        });
    cluster.api.endWatches();
    cluster.api.put(ingress("shop", "new", "new.example.com"));

    cluster.recover("the new one", view -> view.ingresses().size() == 7);

    assertThat(cluster.lists("ingresses")).isEqualTo(1);
  }

  @Test
  void aLongRefusalOfAPageIsARefusal() {
    cluster.api.fault(
        "/ingresses?limit",
        1,
        (request, connection) -> {
          connection.send("HTTP/1.1 503 Service Unavailable\r\nTransfer-Encoding: chunked\r\n\r\n");
          connection.send(Answers.chunk("x".repeat(1 << 20)) + "0\r\n\r\n");
        });
    makeEverybodyList();
    cluster.api.put(ingress("shop", "new", "new.example.com"));
    cluster.recover("the new one", view -> view.ingresses().size() == 7);

    assertThat(cluster.api.asked()).filteredOn(asked -> asked.contains("limit=125")).isEmpty();
  }

  @Test
  void aPageThatIsTooLargeIsAskedForInQuarters() {
    String megabyte = " ".repeat(1 << 20);
    AtomicInteger sent = new AtomicInteger();
    cluster.api.fault(
        "/ingresses?limit=500",
        1,
        (request, connection) -> {
          connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          for (int i = 0; i < 1_000; i++) {
            connection.send(Answers.chunk(megabyte));
            sent.incrementAndGet();
          }
        });
    makeEverybodyList();
    cluster.api.put(ingress("shop", "new", "new.example.com"));
    cluster.recover("the new one", view -> view.ingresses().size() == 7);

    assertThat(cluster.api.asked()).anyMatch(target -> target.contains("/ingresses?limit=125"));
    int inSocketsMax = 16; // megabytes that both ends' buffers may hold
    assertThat(sent).hasValueLessThan((PageSize.BYTES_MAX >> 20) + inSocketsMax);
  }

  @Test
  void anOutageIsToldOnceAfterAWhileAndEndedByAView() {
    cluster.api.fault("", ALWAYS, (request, connection) -> connection.close());
    cluster.api.endWatches();
    cluster.time.pass(Duration.ofSeconds(3));
    assertThat(cluster.outages).isEmpty();
    cluster.time.pass(Duration.ofSeconds(20));
    assertThat(cluster.outages)
        .singleElement()
        .extracting(Diagnostic::message)
        .asString()
        .contains("does not tell", "more", "is served on");
    int told = cluster.views.size();

    cluster.api.heal();
    cluster.time.passUntil(
        "the end of the outage", SourceFixture.RECOVERY_MAX, () -> cluster.views.size() > told);
    assertThat(cluster.diagnostics()).isEmpty();
  }

  @Test
  void aServerThatForbidsEverythingWhileItStartsIsAskedAgainSoon() {
    cluster.api.refuseWatches("Ingress", 3, 403);
    cluster.api.endWatches();
    cluster.api.put(ingress("shop", "new", "new.example.com"));

    cluster.recover("the new one", view -> view.ingresses().size() == 7);
  }

  @Test
  void whatCanBeFollowedIsFollowedWhileSomethingElseCannot() {
    cluster.api.refuseLists("Ingress", ALWAYS, 403);
    cluster.api.refuseWatches("Ingress", ALWAYS, 403);
    cluster.api.endWatches();
    cluster.time.pass(Duration.ofSeconds(20));
    cluster.api.put(service("shop", "new"));
    cluster.time.passUntil(
        "the Service", Duration.ofSeconds(1), () -> cluster.view().services().size() == 2);

    assertThat(cluster.view().ingresses()).hasSize(6);
    assertThat(cluster.diagnostics()).singleElement().asString().contains("ingresses: HTTP 403");
    assertThat(cluster.outages).isNotEmpty();
  }
}
