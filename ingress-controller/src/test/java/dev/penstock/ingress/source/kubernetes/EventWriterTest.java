package dev.penstock.ingress.source.kubernetes;

import static dev.penstock.ingress.source.kubernetes.ApiObjects.ingress;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Diagnostic.Reason;
import dev.penstock.model.Source;
import dev.penstock.testkit.Answers;
import dev.penstock.testkit.ScriptedApi;
import dev.penstock.testkit.SeenRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Diagnostics as Events, on a scripted API server, with time in the test's hand. */
class EventWriterTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SOON = Duration.ofSeconds(6);

  private SourceFixture cluster;
  private final List<Writers> all = new ArrayList<>();
  private List<Diagnostic> standing = List.of();

  @BeforeEach
  void follow() {
    cluster = SourceFixture.following();
    cluster.api.put(ApiObjects.lease("penstock", "penstock-leader"));
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  /** The objects stay as they are from now on, so that time passes fast. */
  private Writers leader(String identity) {
    cluster.source.close();
    Writers writers =
        new Writers(
            new WriterSettings(
                identity,
                Optional.of(
                    new Election(new ObjectKey("penstock", "penstock-leader"), Election.TTL_MAX)),
                Optional.empty(),
                true),
            KubernetesScope.CLUSTER,
            cluster.machinery,
            new Writers.Subjects(cluster.source, view -> Set.of(), () -> standing),
            () -> Instant.EPOCH,
            leads -> {});
    writers.start();
    all.add(writers);
    return writers;
  }

  private void standing(List<Diagnostic> found) {
    standing = found;
    all.forEach(Writers::onDiagnosed);
  }

  private void standing(Diagnostic... found) {
    standing(List.of(found));
  }

  private static Diagnostic broken(String ingress, String message) {
    return Diagnostic.error(Source.of("Ingress", "shop", ingress), "spec.rules[0]", message)
        .because(Reason.BACKEND_NOT_FOUND);
  }

  private List<JsonNode> written(String method) {
    return cluster.api.writes().stream()
        .filter(write -> write.target().contains("/events") && write.method().equals(method))
        .map(EventWriterTest::json)
        .toList();
  }

  private static JsonNode json(SeenRequest write) {
    try {
      return JSON.readTree(write.body());
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }

  private List<String> notes() {
    return written("POST").stream().map(event -> event.at("/note").asText()).toList();
  }

  private void awaitEvents(int count) {
    cluster.time.passUntil(count + " Events", SOON, () -> written("POST").size() == count);
  }

  @Test
  void aDiagnosticThatStandsIsAnEventOnItsObject() {
    leader("a");
    standing(broken("shop", "no Service 'x' was found"));
    awaitEvents(1);

    JsonNode event = written("POST").getFirst();
    JsonNode object = cluster.api.stored("Ingress", "shop", "shop");
    assertThat(event.at("/type").asText()).isEqualTo("Warning");
    assertThat(event.at("/reason").asText()).isEqualTo("BackendNotFound");
    assertThat(event.at("/note").asText()).isEqualTo("spec.rules[0]: no Service 'x' was found");
    assertThat(event.at("/metadata/namespace").asText()).isEqualTo("shop");
    assertThat(event.at("/metadata/name").asText()).startsWith("shop.");
    assertThat(event.at("/regarding/apiVersion").asText()).isEqualTo("networking.k8s.io/v1");
    assertThat(event.at("/regarding/kind").asText()).isEqualTo("Ingress");
    assertThat(event.at("/regarding/uid")).isEqualTo(object.at("/metadata/uid"));
    assertThat(event.at("/reportingInstance").asText()).isEqualTo("a");
    assertThat(event.at("/eventTime").asText()).isEqualTo("1970-01-01T00:00:00.000000Z");
  }

  @Test
  void anObjectWithoutANamespaceHasItsEventsInDefault() {
    leader("a");
    standing(Diagnostic.info(Source.of("IngressClass", "", "penstock"), "", "is good"));
    awaitEvents(1);

    assertThat(cluster.api.writes().getLast().target())
        .isEqualTo("/apis/events.k8s.io/v1/namespaces/default/events");
    JsonNode event = written("POST").getFirst();
    assertThat(event.at("/type").asText()).isEqualTo("Normal");
    assertThat(event.at("/regarding").has("namespace")).isFalse();
  }

  @Test
  void aFaultOfAMomentIsNoEvent() {
    leader("a");
    cluster.time.pass(Duration.ofSeconds(3));
    standing(broken("shop", "for a moment"));
    cluster.time.pass(Duration.ofMillis(1_500));
    standing();
    cluster.time.pass(Duration.ofSeconds(10));

    assertThat(notes()).isEmpty();
  }

  @Test
  void whatIsNoObjectOfTheClusterIsNoEvent() {
    leader("a");
    standing(broken("missing", "is not there"), Diagnostic.error(Source.of("", "", ""), "", "x"));
    cluster.time.pass(Duration.ofSeconds(10));

    assertThat(notes()).isEmpty();
  }

  @Test
  void whatStandsIsWrittenAgainAsASeriesAndWhatIsMendedIsNot() {
    leader("a");
    standing(broken("shop", "one"), broken("shop", "two"));
    awaitEvents(2);
    cluster.time.pass(Duration.ofMinutes(14));
    assertThat(written("PATCH")).isEmpty();

    standing(broken("shop", "two"));
    cluster.time.pass(Duration.ofMinutes(17));
    assertThat(written("POST")).hasSize(2);
    assertThat(written("PATCH")).hasSize(2);
    assertThat(written("PATCH")).extracting(w -> w.at("/series/count").asInt()).contains(2, 3);
  }

  @Test
  void whatComesAndGoesIsNotWrittenMoreOften() {
    leader("a");
    for (int i = 0; i < 6; i++) {
      standing(broken("shop", "flaps"));
      cluster.time.pass(Duration.ofSeconds(5));
      standing();
      cluster.time.pass(Duration.ofSeconds(5));
    }

    assertThat(cluster.api.writes()).filteredOn(w -> w.target().contains("/events")).hasSize(1);
  }

  @Test
  void anEventOfAnEarlierLeaderIsContinuedAsIfItWasWrittenNow() {
    Writers first = leader("a");
    standing(broken("shop", "stands"));
    awaitEvents(1);
    cluster.time.passUntil("3", Duration.ofMinutes(32), () -> counts().equals(List.of(2, 3)));
    first.end();
    leader("b");
    cluster.time.passUntil("it is found", Duration.ofMinutes(3), () -> written("POST").size() == 2);
    cluster.time.pass(Duration.ofMinutes(14));
    assertThat(counts()).containsExactly(2, 3);

    cluster.time.pass(Duration.ofMinutes(7));
    assertThat(counts()).containsExactly(2, 3, 4);
  }

  private List<Integer> counts() {
    return written("PATCH").stream()
        .filter(event -> event.has("series"))
        .map(event -> event.at("/series/count").asInt())
        .toList();
  }

  @Test
  void anEventThatTheServerHasForgottenIsMadeAnew() {
    leader("a");
    standing(broken("shop", "stands"));
    awaitEvents(1);
    String name = written("POST").getFirst().at("/metadata/name").asText();
    cluster.api.delete("Event", "shop", name);
    cluster.time.pass(Duration.ofMinutes(16));

    assertThat(written("POST")).hasSize(2);
  }

  @Test
  void aFollowerWritesNone() {
    leader("a");
    cluster.time.pass(Duration.ofSeconds(3));
    standing(broken("shop", "stands"));
    leader("b");
    cluster.time.pass(Duration.ofSeconds(60));

    assertThat(written("POST")).hasSize(1);
  }

  @Test
  void manyFaultsOfOneObjectHideThoseOfNoOther() {
    leader("a");
    List<Diagnostic> many = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) many.add(broken("shop", "path " + i));
    many.add(
        Diagnostic.warning(Source.of("Service", "shop", "web"), "spec.ports", "no endpoint")
            .because(Reason.NO_ENDPOINTS));
    standing(many);
    cluster.time.pass(Duration.ofSeconds(30));

    assertThat(notes())
        .hasSize(EventWriter.OF_AN_OBJECT_MAX + 1)
        .contains("spec.ports: no endpoint");
  }

  @Test
  void theFaultsOfOneNamespaceNeitherHideNorHoldUpThoseOfAnother() {
    int objects = EventWriter.REMEMBERED_MAX / EventWriter.OF_AN_OBJECT_MAX + 1;
    List<Diagnostic> many = new ArrayList<>();
    for (int i = 0; i < objects; i++) {
      String name = "many" + i;
      cluster.api.put(ingress("shop", name, name + ".example.com"));
      for (int j = 0; j < EventWriter.OF_AN_OBJECT_MAX; j++) many.add(broken(name, "path " + j));
    }
    cluster.api.put(ingress("blog", "blog", "blog.example.com"));
    cluster.await("all", () -> cluster.view().ingresses().size() == objects + 2);
    leader("a");
    standing(many);
    cluster.time.pass(Duration.ofSeconds(10));
    assertThat(notes()).hasSizeGreaterThan(50);

    many.add(Diagnostic.warning(Source.of("Ingress", "blog", "blog"), "", "is broken"));
    standing(many);
    cluster.time.passUntil("the other one", SOON, () -> notes().contains("is broken"));
  }

  @Test
  void writingIsBoundedByTheTokenBucket() {
    for (int i = 0; i < 100; i++) {
      cluster.api.put(ingress("shop", "many" + i, "many" + i + ".example.com"));
    }
    cluster.await("all", () -> cluster.view().ingresses().size() == 101);
    leader("a");
    standing(IntStream.range(0, 100).mapToObj(i -> broken("many" + i, "is broken")).toList());
    cluster.time.passUntil("the first", SOON, () -> !notes().isEmpty());
    cluster.time.runQuiet();
    assertThat(notes()).hasSizeBetween(20, EventWriter.WRITES_AT_ONCE_MAX + 2);

    cluster.time.pass(Duration.ofSeconds(5));
    assertThat(notes()).hasSizeBetween(45, 52);
  }

  @Test
  void whatIsForbiddenIsAskedForRarelyAndHoldsUpNoOther() {
    cluster.api.put(ingress("blog", "blog", "blog.example.com"));
    cluster.await("both", () -> cluster.view().ingresses().size() == 2);
    cluster.api.fault("/namespaces/shop/events", 1000, ScriptedApi.refusing(403));
    leader("a");
    standing(
        broken("shop", "forbidden"),
        Diagnostic.error(Source.of("Ingress", "blog", "blog"), "", "x"));
    awaitEvents(1);
    assertThat(notes()).containsExactly("x");

    cluster.time.pass(Duration.ofMinutes(11));
    assertThat(cluster.api.asked())
        .filteredOn(target -> target.contains("/shop/events"))
        .hasSizeBetween(2, 3);
    cluster.api.heal();
    cluster.time.passUntil("the right", Duration.ofMinutes(6), () -> notes().size() == 2);
  }

  @Test
  void aNamespaceThatEndsIsNotTakenForAMissingRight() {
    cluster.api.put(ingress("ending", "ending", "ending.example.com"));
    cluster.await("both", () -> cluster.view().ingresses().size() == 2);
    String ends =
        """
        {"kind":"Status","code":403,"reason":"Forbidden","message":"namespace is being terminated",
         "details":{"causes":[{"reason":"NamespaceTerminating"}]}}
        """;
    cluster.api.fault(
        "/namespaces/ending/events",
        1,
        (request, connection) -> connection.send(Answers.withStatus(403, "Forbidden", ends)));
    cluster.api.fault("/namespaces/shop/events", 1, ScriptedApi.refusing(403));
    Logger log = (Logger) LoggerFactory.getLogger(EventWriter.class);
    ListAppender<ILoggingEvent> told = new ListAppender<>();
    told.start();
    log.addAppender(told);
    leader("a");
    standing(Diagnostic.error(Source.of("Ingress", "ending", "ending"), "", "x"));
    cluster.time.pass(Duration.ofSeconds(10));
    assertThat(told.list).isEmpty();

    standing(broken("shop", "forbidden"));
    cluster.time.passUntil("the refusal", SOON, () -> !told.list.isEmpty());
    log.detachAppender(told);
    assertThat(told.list.getFirst().getFormattedMessage())
        .contains("Ingress shop/shop", "grant create and patch on events.events.k8s.io");
  }

  @Test
  void anApiServerThatFailsIsAskedAgain() {
    cluster.api.fault("/events", 3, ScriptedApi.refusing(503));
    leader("a");
    standing(broken("shop", "stands"));
    cluster.time.passUntil("the Event", Duration.ofSeconds(15), () -> !notes().isEmpty());
  }

  @Test
  void aLongMessageIsCutWithinTheBoundOfTheApi() {
    leader("a");
    standing(broken("shop", "é".repeat(2_000)));
    awaitEvents(1);

    String note = notes().getFirst();
    assertThat(note.getBytes(java.nio.charset.StandardCharsets.UTF_8).length).isBetween(1020, 1024);
    assertThat(note).endsWith("é...");
  }
}
